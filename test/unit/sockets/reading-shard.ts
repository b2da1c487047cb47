import type { Connections } from '../../../lib/sockets/connections.ts';
import { type ReaderTools, SocketReader } from '../../../lib/sockets/reader.ts';
import type { KeptSubscription } from '../../../lib/sockets/store.ts';
import { MemorySockets, subscriptionOf } from '../../harness/pubsub/memory-sockets.ts';
import { FastClock } from '../../harness/push/fast-clock.ts';

export const kept = (sequence: string, others: Partial<KeptSubscription> = {}): KeptSubscription => ({
  ...{ id: `id-${sequence}`, subscription: subscriptionOf(sequence), cursor: '0', given: 1000, sent: 0 },
  ...others,
});

/** Counts from the cursor on, a record a push, as long as there is credit: what a topic would bring whose records are numbers. */
export const counting: ReaderTools['push'] = async ({ sequence }, cursor, { credit, send, moved, stop }) => {
  for (let next = Number(cursor); ; next++) {
    await credit.wait(stop);
    await new Promise(setImmediate);
    if (stop.aborted) return 'stopped';
    credit.take(1);
    if (!(await send(`${sequence}:${next}`))) return stop.aborted ? 'stopped' : 'gone';
    moved(String(next + 1));
  }
};

/** Counts as well, a record each 700 ms. */
export const each700Ms =
  (clock: FastClock): ReaderTools['push'] =>
  async ({ sequence }, cursor, { credit, send, moved, stop }) => {
    for (let next = Number(cursor); ; next++) {
      await clock.wait(700, stop);
      if (stop.aborted) return 'stopped';
      credit.take(1);
      if (!(await send(`${sequence}:${next}`))) return 'gone';
      moved(String(next + 1));
    }
  };

export function fixture(post: Connections['post'] = async () => 'sent') {
  const store = new MemorySockets();
  const clock = new FastClock();
  const sent: string[] = [];
  const connections: Connections = {
    async post(connection, text, stop) {
      const result = stop.aborted ? 'stopped' : await post(connection, text, stop);
      if (result === 'sent') sent.push(`${connection} ${text}`);
      return result;
    },
  };
  const reader = (push: ReaderTools['push'] = counting) => new SocketReader(0, { store, connections, clock, push });
  return { store, clock, sent, reader };
}
