import { bytesIn, malformed, number, numberIn, timeToLive } from '../aws/attributes.ts';
import { conditionFailedOn, type Item, type Table } from '../aws/dynamodb.ts';
import type { Claim, Entry, EntryStore, Fate } from './entry.ts';
import { pack, unpack } from './packed-answer.ts';

/** A DynamoDB item holds 400 KB; a larger answer is split into several items. */
const PART_BYTES = 350_000;

/** Keeps entries in a DynamoDB table. DynamoDB deletes entries some time after they expire; until then, expired ones count as absent. */
export class DynamoDbEntries implements EntryStore {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async claim(claim: Claim, deadline: number): Promise<Entry | null> {
    try {
      await this.#table.putItem(
        {
          Item: { ...itemOf(claim), fate: { S: 'running' } },
          ConditionExpression: 'attribute_not_exists(pk) OR fate = :undone OR expiresAt <= :now',
          ExpressionAttributeValues: { ':undone': { S: 'undone' }, ':now': timeToLive(Date.now()) },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
        deadline,
      );
      return null;
    } catch (error) {
      const item = conditionFailedOn(error);
      if (item === undefined) throw error;
      return this.#read(item, claim.id, deadline);
    }
  }

  async settle(claim: Claim, fate: Fate, deadline: number): Promise<void> {
    try {
      await this.#table.putItem(
        {
          Item: { ...itemOf(claim), ...(await this.#itemsOf(claim, fate, deadline)) },
          ConditionExpression: 'claimedBy = :claimedBy',
          ExpressionAttributeValues: { ':claimedBy': { S: claim.claimedBy } },
        },
        deadline,
      );
    } catch (error) {
      // A claim that did nothing and was not stored keeps its key from nobody.
      if (fate.fate !== 'undone' || conditionFailedOn(error) === undefined) throw error;
    }
  }

  /** The attributes that a fate adds to an item. Writes the parts of a large answer first. */
  async #itemsOf(claim: Claim, fate: Fate, deadline: number): Promise<Item> {
    if (fate.fate === 'undone') return { fate: { S: 'undone' }, expiresAt: timeToLive(Date.now()) };
    if (fate.fate === 'unsure') return { fate: { S: 'unsure' } };
    const packed = await pack(fate.answer);
    if (packed.length <= PART_BYTES) return { fate: { S: 'settled' }, answer: { B: packed } };

    const count = Math.ceil(packed.length / PART_BYTES);
    const { expiresAt } = itemOf(claim);
    await Promise.all(
      Array.from({ length: count }, (_, i) => {
        const answer = { B: packed.subarray(i * PART_BYTES, (i + 1) * PART_BYTES) };
        return this.#table.putItem({ Item: { ...partKey(claim, i), answer, expiresAt } }, deadline);
      }),
    );
    return { fate: { S: 'settled' }, parts: number(count) };
  }

  async #read(item: Item, id: string, deadline: number): Promise<Entry> {
    const claim: Claim = {
      id,
      fingerprint: bytesIn(item, 'fingerprint'),
      claimedBy: item.claimedBy?.S ?? '',
      claimedAt: numberIn(item, 'claimedAt'),
      leaseUntil: numberIn(item, 'leaseUntil'),
      expiresAt: numberIn(item, 'expiresAt') * 1000,
    };
    const fate = item.fate?.S;
    if (fate === 'running' || fate === 'undone' || fate === 'unsure') return { ...claim, fate };
    if (fate !== 'settled') throw malformed('fate');
    return { ...claim, fate, answer: await unpack(await this.#packedAnswer(item, claim, deadline)) };
  }

  async #packedAnswer(item: Item, claim: Claim, deadline: number): Promise<Uint8Array> {
    if (item.answer) return bytesIn(item, 'answer');
    const parts = await Promise.all(
      Array.from({ length: numberIn(item, 'parts') }, async (_, i) => {
        const { Item = {} } = await this.#table.getItem({ Key: partKey(claim, i) }, deadline);
        return bytesIn(Item, 'answer');
      }),
    );
    return Buffer.concat(parts);
  }
}

const keyOf = (id: string) => ({ pk: { S: `idempotency#${id}` } });
/** Contains the claim, so that the parts of two answers never mix. */
const partKey = ({ id, claimedBy }: Claim, part: number) => keyOf(`${id}#${claimedBy}#${part}`);

const itemOf = (claim: Claim): Item => ({
  ...keyOf(claim.id),
  fingerprint: { B: claim.fingerprint },
  claimedBy: { S: claim.claimedBy },
  claimedAt: number(claim.claimedAt),
  leaseUntil: number(claim.leaseUntil),
  expiresAt: timeToLive(claim.expiresAt),
});
