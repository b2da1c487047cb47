import type { Header, NewRecord } from '../../kafka/record.ts';
import { type TraceContext, traceparent } from '../../telemetry/trace-context.ts';

/** Adds the request's trace context to records, as the headers `traceparent` and `tracestate`; a record's own headers win. */
export function withTrace(records: readonly NewRecord[], context: TraceContext): void {
  // Records without headers share one array, so that nothing is allocated for each.
  const headers: Header[] = [{ key: 'traceparent', value: Buffer.from(traceparent(context)) }];
  if (context.state !== null) headers.push({ key: 'tracestate', value: Buffer.from(context.state) });
  for (const record of records) {
    if (record.headers === null) record.headers = headers;
    else if (!record.headers.some(isTraceparent)) record.headers = [...record.headers, ...headers];
  }
}

const isTraceparent = ({ key }: Header): boolean => key.toLowerCase() === 'traceparent';
