import type { StoredRecord } from '../../kafka/record.ts';
import type { RequestTrace } from '../../telemetry/request-trace.ts';
import { type Consuming, consumed, consumerSpan } from './consumed.ts';

/** Reads records within a span of the trace, if there is one. */
export function tracedRead<Page>(
  trace: RequestTrace | null | undefined,
  consuming: Consuming,
  read: () => Promise<Page>,
  recordsOf: (page: Page) => readonly StoredRecord[],
): Promise<Page> {
  if (!trace?.hasSpans) return read();
  return trace.within(consumerSpan(consuming), read, (page) => consumed(consuming, page === null ? [] : recordsOf(page)));
}
