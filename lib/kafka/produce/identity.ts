import { GatewayError } from '../../errors.ts';
import { log } from '../../telemetry/log.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { again } from '../cluster/retry.ts';
import { kafkaError, NONE } from '../error-codes.ts';
import { initProducerId } from '../protocol/init-producer-id.ts';

/** The producer id and epoch by which brokers know this process, and the next sequence number in each lane. */
export interface ProducerId {
  readonly id: bigint;
  readonly epoch: number;
  readonly sequences: Map<string, number>;
}

/** Turns the broker's check off: without an acknowledgement, nobody learns whether a batch has used its sequence. */
export const anonymous: ProducerId = { id: -1n, epoch: -1, sequences: new Map() };

const REQUEST_MS = 2500;
/** Epochs are 16-bit; above this, the producer gets a new id. */
const MAX_EPOCH = 32_000;
const SEQUENCES = 2 ** 31;

/** The producer id of this process, fetched once and kept while the broker's state of it fits ours. */
export class ProducerIdentity {
  readonly #cluster: Cluster;
  #current: ProducerId | null = null;
  #fetching: Promise<ProducerId> | null = null;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /**
   * The identity to stamp batches with.
   *
   * @throws {GatewayError} when Kafka gave none before the deadline: then nothing has been written
   */
  current(deadline: number): ProducerId | Promise<ProducerId> {
    return this.#current ?? again(deadline, () => this.#fetch());
  }

  /**
   * Leaves an identity whose sequences are in doubt: bumps the epoch of the same id and starts sequences at 0, as Java's client does
   * (KIP-360). That needs no broker, and it fences every copy of an older epoch that is still in flight.
   */
  leave(identity: ProducerId): void {
    if (this.#current !== identity) return;
    const { id, epoch } = identity;
    if (epoch >= MAX_EPOCH) {
      this.#drop(identity, 'its epochs are used up');
      return;
    }
    this.#current = { id, epoch: epoch + 1, sequences: new Map() };
    log.debug('producer_epoch_bumped', 'The producer id continues with its next epoch', () => ({ producerId: id, epoch: epoch + 1 }));
  }

  /** Drops an identity that the brokers no longer know: the next one has a new id. */
  forget(identity: ProducerId): void {
    if (this.#current === identity) this.#drop(identity, 'the brokers no longer know it');
  }

  #drop({ id, epoch }: ProducerId, reason: string): void {
    this.#current = null;
    log.debug('producer_id_dropped', 'The producer id is given up', () => ({ producerId: id, epoch, reason }));
  }

  /** One try, shared by all callers that wait for it. */
  #fetch(): Promise<ProducerId> {
    this.#fetching ??= this.#ask().finally(() => {
      this.#fetching = null;
    });
    return this.#fetching;
  }

  async #ask(): Promise<ProducerId> {
    const connection = await this.#cluster.anyBroker();
    try {
      const { error, id, epoch } = await connection.send(initProducerId, REQUEST_MS);
      if (error !== NONE) throw kafkaError(error);
      this.#current = { id, epoch, sequences: new Map() };
      log.debug('producer_id_obtained', 'Kafka gave a producer id', () => ({ producerId: id, epoch, broker: connection.address }));
      return this.#current;
    } catch (cause) {
      if (!(cause instanceof GatewayError)) this.#cluster.suspect(connection.address);
      throw cause;
    }
  }
}

/** The sequence after a batch of `count` records. */
export const nextSequence = (sequence: number, count: number): number => (sequence + count) % SEQUENCES;
