import type { Header } from '../../kafka/record.ts';
import type { SpanContent } from '../../telemetry/request-trace.ts';
import { readTraceparent, type TraceContext } from '../../telemetry/trace-context.ts';

/** A record read from Kafka, or a part of it. */
export interface WithHeaders {
  readonly headers: readonly Header[] | null;
}

/** How many links of a span collectors keep by default. */
const MOST_LINKS = 128;

/** Links a span to the producers of its records, by the trace contexts in the records: once to each, at most 128. */
export function recordLinks(records: readonly WithHeaders[]): Required<Pick<SpanContent, 'links' | 'droppedLinks'>> {
  const seen = new Set<string>();
  const links: TraceContext[] = [];
  let droppedLinks = 0;
  let last: Buffer | null = null;
  for (const { headers } of records) {
    const value = headerIn(headers, 'traceparent');
    // Records of one request mostly follow each other.
    if (value === null || (last !== null && value.equals(last))) continue;
    last = value;
    const text = value.toString('latin1');
    if (seen.has(text)) continue;
    seen.add(text);
    const context = readTraceparent(text, headerIn(headers, 'tracestate')?.toString('latin1'));
    if (context === null) continue;
    if (links.length < MOST_LINKS) links.push(context);
    else droppedLinks++;
  }
  return { links, droppedLinks };
}

const headerIn = (headers: WithHeaders['headers'], name: string): Buffer | null => headers?.find(({ key }) => key === name)?.value ?? null;
