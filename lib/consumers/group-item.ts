import { randomBytes } from 'node:crypto';
import { sleep } from '../deadline.ts';
import { GatewayError } from '../errors.ts';
import type { Cluster } from '../kafka/cluster/cluster.ts';
import { again } from '../kafka/cluster/retry.ts';
import { consumersUnavailable, groupTooLarge, groupUnsettled } from '../messages/consumers.ts';
import { type GroupStore, keyOfGroup, type Stored } from './group-store.ts';
import { StoredGroup } from './stored-group.ts';

/** DynamoDB allows 400 KB, including the names of attributes. */
export const MOST_BYTES = 390_000;
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 160;
/** Reserved before the deadline, to tell the client. */
const MARGIN_MS = 300;

/** A group as it was read or written. */
export interface Reading {
  readonly stored: Stored;
  readonly group: StoredGroup;
}

/** The item of one group. It changes only if it still is as it was read. */
export class GroupItem {
  readonly cluster: Cluster;
  readonly group: string;
  readonly deadline: number;
  readonly #store: GroupStore;
  #key: Promise<string> | null = null;

  /** @param deadline Unix milliseconds */
  constructor(store: GroupStore, cluster: Cluster, group: string, deadline: number) {
    this.#store = store;
    this.cluster = cluster;
    this.group = group;
    this.deadline = deadline;
  }

  async read(): Promise<Reading> {
    const key = await this.#keyOf();
    return readingOf(await this.#reached(() => this.#store.read(key, this.deadline)));
  }

  /**
   * Changes the group as it was read. If somebody has changed it since, applies the change to the newest version, until nobody comes in
   * between.
   *
   * @param act changes the group in place; it may be called several times, each time with another version. Null if nothing is to be
   *   written. It also gets the id of the write
   * @param isIn whether a group is known to hold the write, in place of its own ids, of which only the last few are kept
   * @throws {GatewayError} what `act` throws; InvalidRecord when the item grows too large, StorageUnavailable, KafkaUnavailable
   */
  async change<Result>(
    { stored }: Reading,
    act: (group: StoredGroup, write: string) => Promise<Result | null> | Result | null,
    isIn?: (group: StoredGroup, write: string) => boolean,
  ): Promise<{ reading: Reading; result: Result | null }> {
    const key = await this.#keyOf();
    const id = randomBytes(6).toString('base64url');
    let before = stored;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      const group = new StoredGroup(before.text);
      const result = await act(group, id);
      if (result === null) return { reading: readingOf(before), result };
      const text = fittingText(group);
      const { isOurs, now } = await this.#reached(() => this.#store.write(key, before, { text, id }, this.deadline));
      const reading = readingOf(now);
      if (isOurs || isIn?.(reading.group, id) === true) return { reading, result };
      before = now;
      if (Date.now() + pauseMs > this.deadline - MARGIN_MS) throw groupUnsettled();
      await sleep(pauseMs * Math.random());
    }
  }

  #keyOf(): Promise<string> {
    this.#key ??= clusterId(this.cluster, this.deadline).then((id) => keyOfGroup(id, this.group));
    return this.#key;
  }

  async #reached<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw cause instanceof GatewayError ? cause : consumersUnavailable.with({ cause });
    }
  }
}

async function clusterId(cluster: Cluster, deadline: number): Promise<string> {
  if (cluster.id === null) await again(deadline, () => cluster.metadata([]));
  return cluster.id ?? '';
}

const readingOf = (stored: Stored): Reading => ({ stored, group: new StoredGroup(stored.text) });

function fittingText(group: StoredGroup): string {
  for (;;) {
    const text = group.toText();
    if (Buffer.byteLength(text) <= MOST_BYTES) return text;
    if (!group.forgetOldest(Date.now())) throw groupTooLarge(MOST_BYTES);
  }
}
