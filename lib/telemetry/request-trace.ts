import { randomBytes } from 'node:crypto';
import { type Trace, type TraceContext, traceOf } from './trace-context.ts';

/** How this process takes part in traces. The configuration sets it. */
export interface TracingSettings {
  /** Whether written records carry the trace context of their request. */
  headers: boolean;
  /** The URL for spans, as OTLP over HTTP in JSON; null if none are exported. */
  exportTo: string | null;
  /** How long a response waits for the export, in milliseconds. */
  exportMs: number;
}

export const tracingSettings: TracingSettings = { headers: false, exportTo: null, exportMs: 50 };

/** OTLP's numbers for kinds of spans. */
export const kinds = { server: 2, producer: 4, consumer: 5 } as const;

export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** A finished span, or one that is about to finish. */
export interface Span {
  readonly name: string;
  readonly kind: number;
  readonly spanId: string;
  readonly parentId: string | null;
  /** Unix nanoseconds. */
  readonly start: bigint;
  readonly end: bigint;
  readonly attributes: Attributes;
  readonly links: readonly TraceContext[];
  /** How many links were left out. */
  readonly droppedLinks: number;
  /** The error; null without one. */
  readonly error: string | null;
}

/** The contents of a span besides its name and its time. */
export type SpanContent = Partial<Pick<Span, 'attributes' | 'links' | 'droppedLinks' | 'error'>>;

/** The gateway's part in the trace of one request. */
export class RequestTrace {
  readonly traceId: string;
  readonly isSampled: boolean;
  /** The span of the request. */
  readonly spanId: string;
  readonly parentId: string | null;
  /** The trace context for written records; null without a trace. */
  ofRecords: TraceContext | null;
  /** The spans that were not exported yet. */
  readonly spans: Span[] = [];
  /** How many spans could not be exported in time. */
  dropped = 0;
  readonly #began: bigint;
  readonly #clock: number;

  /** @param headers of the request; names are in lower case */
  constructor(
    headers: Readonly<Record<string, string | undefined>>,
    { headers: inRecords, exportTo }: Omit<TracingSettings, 'exportMs'> = tracingSettings,
  ) {
    const found: Trace | null = traceOf(headers);
    const hasSpans = exportTo !== null && found?.isSampled !== false;
    this.traceId = found?.traceId ?? newId(16);
    this.isSampled = found?.isSampled ?? hasSpans;
    this.spanId = newId(8);
    this.parentId = found?.spanId ?? null;
    // If the gateway records no spans, the caller's span is the parent of whatever reads the records.
    const last = hasSpans ? newId(8) : (this.parentId ?? this.spanId);
    const { traceId, isSampled } = this;
    this.ofRecords = inRecords && (found !== null || hasSpans) ? { traceId, spanId: last, isSampled, state: found?.state ?? null } : null;
    this.#clock = performance.now();
    this.#began = BigInt(Date.now()) * 1_000_000n;
    this.hasSpans = hasSpans;
  }

  /** Whether spans are recorded. */
  readonly hasSpans: boolean;

  /** Starts a new span for the next write: a request that writes several times calls it in between, and its records carry that span. */
  renewRecords(): void {
    if (this.hasSpans && this.ofRecords !== null) this.ofRecords = { ...this.ofRecords, spanId: newId(8) };
  }

  /** The current time in Unix nanoseconds, by a clock that is not set back during the request. */
  now(): bigint {
    return this.#began + BigInt(Math.round((performance.now() - this.#clock) * 1e6));
  }

  /** When the request began. */
  get began(): bigint {
    return this.#began;
  }

  /** Adds a child span of the request's span. It ends now. */
  add(span: Pick<Span, 'name' | 'kind' | 'start'> & { spanId?: string }, content: SpanContent): void {
    const { name, kind, start, spanId = newId(8) } = span;
    const { attributes = {}, links = [], droppedLinks = 0, error = null } = content;
    this.spans.push({ name, kind, spanId, parentId: this.spanId, start, end: this.now(), attributes, links, droppedLinks, error });
  }

  /** Runs work in a child span of the request's span. `describe` gets the result, or null after an error. */
  async within<Value>(
    span: Pick<Span, 'name' | 'kind'> & { spanId?: string },
    work: () => Promise<Value>,
    describe: (value: Value | null) => SpanContent,
  ): Promise<Value> {
    const start = this.now();
    let value: Value;
    try {
      value = await work();
    } catch (error) {
      this.add({ ...span, start }, { error: error instanceof Error ? error.name : 'Error', ...describe(null) });
      throw error;
    }
    this.add({ ...span, start }, describe(value));
    return value;
  }
}

const newId = (bytes: number): string => randomBytes(bytes).toString('hex');
