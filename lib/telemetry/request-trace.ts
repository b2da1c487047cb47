import { randomBytes } from 'node:crypto';
import { type Trace, type TraceContext, traceOf } from './trace-context.ts';

/** How this process takes part in traces; the configuration sets it. */
export interface TracingSettings {
  /** Whether records that are written carry the context of their request. */
  headers: boolean;
  /** The URL that spans go to, as OTLP over HTTP in JSON; null where there are none. */
  exportTo: string | null;
  /** How long an answer waits for them to be taken, in milliseconds. */
  exportMs: number;
}

export const tracingSettings: TracingSettings = { headers: false, exportTo: null, exportMs: 50 };

/** The numbers that OTLP has for kinds of spans. */
export const kinds = { server: 2, producer: 4, consumer: 5 } as const;

export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** A span that has ended, or is about to. */
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
  /** How many more there would be. */
  readonly droppedLinks: number;
  /** What went wrong; null where nothing did. */
  readonly error: string | null;
}

/** What a span says besides its name and its time. */
export type SpanContent = Partial<Pick<Span, 'attributes' | 'links' | 'droppedLinks' | 'error'>>;

/** The part that the gateway has in the trace of one request. */
export class RequestTrace {
  readonly traceId: string;
  readonly isSampled: boolean;
  /** The span of the request. */
  readonly spanId: string;
  readonly parentId: string | null;
  /** What records that are written carry; null where there is no trace to be in. */
  ofRecords: TraceContext | null;
  /** Those that have not been handed over. */
  readonly spans: Span[] = [];
  /** How many spans nobody wanted to have in time. */
  dropped = 0;
  readonly #began: bigint;
  readonly #clock: number;

  /** @param headers of the request, names in lower case */
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
    // Without spans of our own, whoever reads the records comes after the caller.
    const last = hasSpans ? newId(8) : (this.parentId ?? this.spanId);
    const { traceId, isSampled } = this;
    this.ofRecords = inRecords && (found !== null || hasSpans) ? { traceId, spanId: last, isSampled, state: found?.state ?? null } : null;
    this.#clock = performance.now();
    this.#began = BigInt(Date.now()) * 1_000_000n;
    this.hasSpans = hasSpans;
  }

  /** Whether spans are recorded. */
  readonly hasSpans: boolean;

  /** Where a request writes several times, each time is a span of its own, which its records carry: to be called in between. */
  renewRecords(): void {
    if (this.hasSpans && this.ofRecords !== null) this.ofRecords = { ...this.ofRecords, spanId: newId(8) };
  }

  /** Nanoseconds of Unix time, by a clock that nobody sets back meanwhile. */
  now(): bigint {
    return this.#began + BigInt(Math.round((performance.now() - this.#clock) * 1e6));
  }

  /** When the request began. */
  get began(): bigint {
    return this.#began;
  }

  /** Adds a span below that of the request; it ends now. */
  add(span: Pick<Span, 'name' | 'kind' | 'start'> & { spanId?: string }, content: SpanContent): void {
    const { name, kind, start, spanId = newId(8) } = span;
    const { attributes = {}, links = [], droppedLinks = 0, error = null } = content;
    this.spans.push({ name, kind, spanId, parentId: this.spanId, start, end: this.now(), attributes, links, droppedLinks, error });
  }

  /** Does something within a span below that of the request. `describe` is given what it resolved to, or null where it threw. */
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
