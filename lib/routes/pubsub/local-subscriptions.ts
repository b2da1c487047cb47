import { gatewayCluster } from '../../clusters/kafka-cluster.ts';
import { Credit } from '../../sockets/credit.ts';
import { MOST_SUBSCRIPTIONS, refusedBeside, type SocketSubscription, type SocketSubscriptions } from '../../sockets/socket-subscription.ts';
import { pushRecords } from './push-records.ts';

interface Held {
  readonly credit: Credit;
  readonly stop: AbortController;
}

/** WebSocket subscriptions in a process that holds the connections itself: it sends the records, and stores nothing. */
export class LocalSubscriptions implements SocketSubscriptions {
  readonly #send: (connection: string, text: string) => Promise<boolean>;
  readonly #isOpen: (connection: string) => boolean;
  readonly #connections = new Map<string, Map<string, Held>>();

  /**
   * @param send sends a message over a connection; false when the connection is gone
   * @param isOpen whether a connection is still open
   */
  constructor(send: (connection: string, text: string) => Promise<boolean>, isOpen: (connection: string) => boolean) {
    this.#send = send;
    this.#isOpen = isOpen;
  }

  async add(connection: string, subscription: SocketSubscription, cursor: string, given: number): Promise<() => void> {
    const { sequence } = subscription;
    // The client has left during the command: nothing would ever end the subscription.
    if (!this.#isOpen(connection)) return () => undefined;
    const held = this.#connections.get(connection) ?? new Map<string, Held>();
    if (held.has(sequence) || held.size >= MOST_SUBSCRIPTIONS) throw refusedBeside([...held.keys()], sequence);
    const one: Held = { credit: new Credit(given), stop: new AbortController() };
    held.set(sequence, one);
    this.#connections.set(connection, held);
    return () => void this.#push(connection, subscription, cursor, one);
  }

  async give(connection: string, sequence: string, credit: number): Promise<boolean> {
    const held = this.#connections.get(connection)?.get(sequence);
    held?.credit.give(credit);
    return held !== undefined;
  }

  async remove(connection: string, sequence: string): Promise<boolean> {
    const held = this.#connections.get(connection);
    held?.get(sequence)?.stop.abort();
    return held?.delete(sequence) ?? false;
  }

  async forget(connection: string): Promise<void> {
    for (const { stop } of this.#connections.get(connection)?.values() ?? []) stop.abort();
    this.#connections.delete(connection);
  }

  async #push(connection: string, subscription: SocketSubscription, cursor: string, one: Held): Promise<void> {
    const { credit, stop } = one;
    const end = await pushRecords(subscription, cursor, {
      ...{ cluster: gatewayCluster(), credit, stop: stop.signal, moved: () => undefined },
      send: (text) => this.#send(connection, text),
    });
    if (end === 'stopped') return;
    if (end === 'gone') await this.forget(connection);
    else if (this.#connections.get(connection)?.get(subscription.sequence) === one) await this.remove(connection, subscription.sequence);
  }
}
