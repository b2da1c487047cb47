import type { MeasuredRequest } from '../../../lib/metrics/measured-request.ts';

/** A request of which nothing is to be counted but itself. */
export const request = (parts: Partial<MeasuredRequest> = {}): MeasuredRequest => ({
  route: 'POST /topics/{topic}',
  status: 200,
  errorCode: null,
  ms: 3.21,
  kafkaMs: 0,
  connections: 0,
  recordsIn: 0,
  recordsOut: 0,
  byTopic: new Map(),
  bytesIn: 0,
  bytesOut: 0,
  isFirst: false,
  ...parts,
});
