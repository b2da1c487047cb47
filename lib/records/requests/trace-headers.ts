import type { Header, NewRecord } from '../../kafka/record.ts';
import { type TraceContext, traceparent } from '../../telemetry/trace-context.ts';

/** Gives records the context of the request that they came with, as the headers `traceparent` and `tracestate`; a record's own wins. */
export function withTrace(records: readonly NewRecord[], context: TraceContext): void {
  // One array for all that have none of their own: nothing is made for each record.
  const headers: Header[] = [{ key: 'traceparent', value: Buffer.from(traceparent(context)) }];
  if (context.state !== null) headers.push({ key: 'tracestate', value: Buffer.from(context.state) });
  for (const record of records) {
    if (record.headers === null) record.headers = headers;
    else if (!record.headers.some(isTraceparent)) record.headers = [...record.headers, ...headers];
  }
}

const isTraceparent = ({ key }: Header): boolean => key.toLowerCase() === 'traceparent';
