import { metricsSettings } from '../../metrics/settings.ts';
import type { TailPage } from '../../streams/tail.ts';
import type { RequestTrace, SpanContent } from '../../telemetry/request-trace.ts';
import { SpanFlow } from '../../telemetry/span-flow.ts';
import { consumed, consumerSpan } from './consumed.ts';

/** The part of a stream in its request's trace. The request's own span ends when the stream begins. */
export interface TracedStream {
  /** Begins the span of a page. @returns a function that ends it: call it when the client has taken the page, or never will */
  readonly onPage: (page: TailPage) => (isTaken: boolean) => void;
  /** Exports the remaining spans. @returns how many spans were dropped in all */
  end(): Promise<number>;
}

/** Traces a stream; null without spans. */
export function traceStream(trace: RequestTrace | null | undefined): TracedStream | null {
  if (!trace?.hasSpans) return null;
  const flow = new SpanFlow(trace, metricsSettings.stack);
  return {
    onPage(page) {
      const start = trace.now();
      return (isTaken) => {
        const { span, content } = toldOf(page);
        if (span === null) return;
        trace.add({ ...span, start }, isTaken ? content : { ...content, error: 'ClientGone' });
        flow.grown();
      };
    },
    async end() {
      await flow.end();
      return flow.dropped;
    },
  };
}

interface Told {
  /** Null when the page has no records. */
  span: ReturnType<typeof consumerSpan> | null;
  content: SpanContent;
}

/** Streams that share a page have the same span for it. */
const told = new WeakMap<TailPage, Told>();

function toldOf(page: TailPage): Told {
  const known = told.get(page);
  if (known !== undefined) return known;
  const readings = page.readings.filter(({ records }) => records.length > 0);
  const consuming = { operation: 'process', topics: readings.map(({ topic }) => topic) } as const;
  const records = readings.flatMap((reading) => reading.records);
  const now = { span: records.length === 0 ? null : consumerSpan(consuming), content: consumed(consuming, records) };
  told.set(page, now);
  return now;
}
