import { metricsSettings } from '../../metrics/settings.ts';
import { kinds, RequestTrace, type SpanContent } from '../../telemetry/request-trace.ts';
import { SpanFlow } from '../../telemetry/span-flow.ts';
import { type Consuming, consumerSpan } from './consumed.ts';

/** The trace of work that belongs to no request: sending records on as they arrive. */
export class OwnTrace {
  readonly #trace = new RequestTrace({});
  readonly #flow = new SpanFlow(this.#trace, metricsSettings.stack);
  readonly #name: string;
  #hasAny = false;

  private constructor(name: string) {
    this.#name = name;
  }

  /** Begins a trace; null without spans. @param name of the root span */
  static begin(name: string): OwnTrace | null {
    const begun = new OwnTrace(name);
    return begun.#trace.hasSpans ? begun : null;
  }

  /** Works on records within a span. `describe` gets what `work` resolved to, or null if it threw. */
  async within<Value>(consuming: Consuming, work: () => Promise<Value>, describe: (value: Value | null) => SpanContent): Promise<Value> {
    this.#hasAny = true;
    const value = await this.#trace.within(consumerSpan(consuming), work, describe);
    this.#flow.grown();
    return value;
  }

  /** Exports the remaining spans. @returns how many spans were dropped in all */
  async end(): Promise<number> {
    const trace = this.#trace;
    if (this.#hasAny) {
      const root = { name: this.#name, kind: kinds.consumer, spanId: trace.spanId, parentId: null, start: trace.began, end: trace.now() };
      trace.spans.push({ ...root, attributes: { 'messaging.system': 'kafka' }, links: [], droppedLinks: 0, error: null });
    }
    await this.#flow.end();
    return this.#flow.dropped;
  }
}
