/** The place of a request in a trace, in the terms of W3C Trace Context. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** Whether the trace's initiator wants it recorded. */
  readonly isSampled: boolean;
  /** The `tracestate` header; null without one. */
  readonly state: string | null;
}

/** A trace that may have no span of the caller, like those that API Gateway begins. */
export type Trace = Omit<TraceContext, 'spanId'> & { readonly spanId: string | null };

/** Only later versions than 00 may go on. */
const TRACEPARENT = /^(?!ff|00-.{52}.)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(?:-|$)/;
const ROOT = /(?:^|;)\s*Root=1-(?!0{8}-0{24})([\da-f]{8})-([\da-f]{24})(?:;|$)/;
const PARENT = /(?:^|;)\s*Parent=(?!0{16})([\da-f]{16})(?:;|$)/;
const STATE = /^[\x20-\x7e]{1,512}$/;

/**
 * Reads a `traceparent`; null if it is invalid.
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function readTraceparent(text: string, state: string | null = null): TraceContext | null {
  const match = TRACEPARENT.exec(text);
  if (match === null) return null;
  const [, traceId, spanId, flags] = match;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1, state: state !== null && STATE.test(state) ? state : null };
}

/**
 * The trace of a request, by its `traceparent`, else by AWS's `x-amzn-trace-id`; null without both.
 *
 * @param headers names are in lower case
 */
export function traceOf(headers: Readonly<Record<string, string | undefined>>): Trace | null {
  const context = readTraceparent(headers.traceparent ?? '', headers.tracestate ?? null);
  if (context !== null) return context;
  const amazon = headers['x-amzn-trace-id'] ?? '';
  const root = ROOT.exec(amazon);
  if (root === null) return null;
  return { traceId: root[1] + root[2], spanId: PARENT.exec(amazon)?.[1] ?? null, isSampled: !/Sampled=0/.test(amazon), state: null };
}

/** A context as `traceparent`. */
export const traceparent = ({ traceId, spanId, isSampled }: TraceContext): string => `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
