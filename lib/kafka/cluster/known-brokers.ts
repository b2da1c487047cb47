import type { Metadata } from '../protocol/metadata.ts';

/** How long a broker is known that metadata no longer name: it may be on its way up, and still be named as a leader. */
const FORGET_MS = 60_000;
/** A new connection to a broker that was named so lately is one to this cluster. */
const SURE_MS = 10_000;

/** The brokers that a cluster has named, by their ids. */
export class KnownBrokers {
  readonly #brokers = new Map<number, { address: string; namedAt: number }>();

  /** `host:port` each; one may be there twice. */
  get addresses(): string[] {
    return [...this.#brokers.values()].map(({ address }) => address);
  }

  get ids(): number[] {
    return [...this.#brokers.keys()];
  }

  addressOf(broker: number): string | undefined {
    return this.#brokers.get(broker)?.address;
  }

  /** Remembers the brokers that metadata name, and forgets those that were not named for long. */
  learn(named: Metadata['brokers']): void {
    const namedAt = Date.now();
    for (const { id, host, port } of named) this.#brokers.set(id, { address: `${host}:${port}`, namedAt });
    for (const [broker, known] of this.#brokers) {
      if (namedAt - known.namedAt > FORGET_MS) this.#brokers.delete(broker);
    }
  }

  /** Forgets whoever was at an address. */
  forget(at: string): void {
    for (const [broker, { address }] of this.#brokers) if (address === at) this.#brokers.delete(broker);
  }

  /** True when the cluster has named a broker at an address just now. */
  isSure(at: string): boolean {
    for (const { address, namedAt } of this.#brokers.values()) if (address === at && Date.now() - namedAt < SURE_MS) return true;
    return false;
  }
}
