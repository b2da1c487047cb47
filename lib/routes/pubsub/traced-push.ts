import type { PushedRecord } from '../../pubsub/messages.ts';
import { consumed } from '../traced/consumed.ts';
import type { OwnTrace } from '../traced/own-trace.ts';

/** Sends records within a span of a trace, if there is one. @param send resolves to false when the client is gone */
export function tracedPush(trace: OwnTrace | null, records: readonly PushedRecord[], send: () => Promise<boolean>): Promise<boolean> {
  if (trace === null || records.length === 0) return send();
  const consuming = { operation: 'process', topics: records.map(({ topic }) => topic) } as const;
  return trace.within(consuming, send, (isThere) => ({
    ...consumed(consuming, records),
    ...(isThere === false && { error: 'ClientGone' }),
  }));
}
