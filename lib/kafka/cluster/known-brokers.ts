import type { Metadata } from '../protocol/metadata.ts';

/** How long a broker stays known after metadata last named it: it may be restarting, and metadata may still name it as a leader. */
const FORGET_MS = 60_000;
/** A new connection to an address that metadata named this recently certainly leads to this cluster. */
const SURE_MS = 10_000;

/** The brokers that the cluster's metadata has named, by id. */
export class KnownBrokers {
  readonly #brokers = new Map<number, { address: string; namedAt: number }>();

  /** `host:port` each; may hold duplicates. */
  get addresses(): string[] {
    return [...this.#brokers.values()].map(({ address }) => address);
  }

  get ids(): number[] {
    return [...this.#brokers.keys()];
  }

  addressOf(broker: number): string | undefined {
    return this.#brokers.get(broker)?.address;
  }

  /** Remembers the brokers that metadata names, and forgets those that it has not named for long. */
  learn(named: Metadata['brokers']): void {
    const namedAt = Date.now();
    for (const { id, host, port } of named) this.#brokers.set(id, { address: `${host}:${port}`, namedAt });
    for (const [broker, known] of this.#brokers) {
      if (namedAt - known.namedAt > FORGET_MS) this.#brokers.delete(broker);
    }
  }

  /** Forgets every broker at an address. */
  forget(at: string): void {
    for (const [broker, { address }] of this.#brokers) if (address === at) this.#brokers.delete(broker);
  }

  /** True when metadata has just named a broker at an address. */
  isSure(at: string): boolean {
    for (const { address, namedAt } of this.#brokers.values()) if (address === at && Date.now() - namedAt < SURE_MS) return true;
    return false;
  }
}
