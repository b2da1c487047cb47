import { hash } from 'node:crypto';
import { number, timeToLive } from '../aws/attributes.ts';
import { conditionFailedOn, type Item, type Table } from '../aws/dynamodb.ts';

/** The content of a group's item. */
export interface Stored {
  /** 0 if there is no item. */
  readonly version: number;
  readonly text: string | null;
  /** Ids of the last writes, newest first. */
  readonly writes: readonly string[];
}

/** A write of a group. */
export interface GroupWrite {
  readonly text: string;
  /** Unique to this write. */
  readonly id: string;
}

/** Where groups are kept, one item each. Every method throws if that cannot be reached; it may have been carried out all the same. */
export interface GroupStore {
  read(key: string, deadline: number): Promise<Stored>;
  /**
   * Replaces an item that was read.
   *
   * @returns what the item holds now; if `isOurs` is false, somebody else wrote that, and this write did nothing
   */
  write(key: string, before: Stored, write: GroupWrite, deadline: number): Promise<{ isOurs: boolean; now: Stored }>;
}

/** A group without a request for this long is forgotten, as Kafka forgets its offsets. */
const LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;
const MOST_WRITES = 16;

/** The operations of the table that groups need. */
export type GroupTable = Pick<Table, 'getItem' | 'putItem'>;

/**
 * Keeps groups in a table of DynamoDB. An item has a version, and is replaced on condition that it has the version that was read. The AWS
 * SDK retries when an answer is lost, and then finds its own write: so an item names the writes that led to it.
 */
export class DynamoDbGroups implements GroupStore {
  readonly #table: GroupTable;

  constructor(table: GroupTable) {
    this.#table = table;
  }

  async read(key: string, deadline: number): Promise<Stored> {
    const { Item } = await this.#table.getItem({ Key: { pk: { S: key } } }, deadline);
    return storedIn(Item);
  }

  async write(
    key: string,
    { version, writes }: Stored,
    { text, id }: GroupWrite,
    deadline: number,
  ): Promise<{ isOurs: boolean; now: Stored }> {
    const now = { version: version + 1, text, writes: [id, ...writes].slice(0, MOST_WRITES) };
    try {
      await this.#table.putItem(
        {
          Item: {
            pk: { S: key },
            v: number(now.version),
            w: { S: now.writes.join(' ') },
            state: { S: text },
            expiresAt: timeToLive(Date.now() + LIFETIME_MS),
          },
          ConditionExpression: version === 0 ? 'attribute_not_exists(pk)' : '#v = :v',
          ...(version > 0 && { ExpressionAttributeNames: { '#v': 'v' }, ExpressionAttributeValues: { ':v': number(version) } }),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
        deadline,
      );
      return { isOurs: true, now };
    } catch (error) {
      const item = conditionFailedOn(error);
      if (item === undefined) throw error;
      const there = storedIn(item);
      return { isOurs: there.writes.includes(id), now: there };
    }
  }
}

/** DynamoDB may keep an expired item for some more days. */
function storedIn(item: Item | undefined): Stored {
  const version = Number(item?.v?.N ?? 0);
  const isOver = Number(item?.expiresAt?.N ?? 0) * 1000 <= Date.now();
  return { version, text: isOver ? null : (item?.state?.S ?? null), writes: item?.w?.S?.split(' ') ?? [] };
}

/** The key of a group's item: the group's name may be longer than a key may be. */
export const keyOfGroup = (cluster: string, group: string): string => `group#${cluster}#${hash('sha256', group, 'base64url')}`;
