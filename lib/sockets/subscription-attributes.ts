import type { Item } from '../aws/dynamodb.ts';
import type { KeptSubscription } from './store.ts';

/** Adds a subscription to the item of its connection; `:one` is the set of its sequence. */
export const ADDITION =
  'SET #sub = :sub, #id = :id, #cursor = :cursor, #given = :given, #sent = :none, #shard = if_not_exists(#shard, :shard), #expires = :expires ADD #all :one';

/** Removes a subscription from the item of its connection; `:one` is the set of its sequence. */
export const REMOVAL = 'REMOVE #sub, #id, #cursor, #given, #sent, #gift DELETE #all :one';

/** A subscription of a connection's item. */
export function keptIn(item: Item, sequence: string): KeptSubscription {
  const { '#sub': sub, '#id': id, '#cursor': cursor, '#given': given, '#sent': sent } = namesOf(sequence);
  return {
    id: item[id].S ?? '',
    subscription: JSON.parse(item[sub].S ?? ''),
    cursor: item[cursor].S ?? '',
    given: Number(item[given].N),
    sent: Number(item[sent].N),
  };
}

/** The attributes of each subscription; `#` and its sequence follow the name. */
type Attribute = 'sub' | 'id' | 'cursor' | 'given' | 'sent' | 'gift';

/** The names of a subscription's attributes, by their placeholders. */
export const namesOf = (sequence: string): Record<`#${Attribute}`, string> => ({
  '#sub': `sub#${sequence}`,
  '#id': `id#${sequence}`,
  '#cursor': `cursor#${sequence}`,
  '#given': `given#${sequence}`,
  '#sent': `sent#${sequence}`,
  '#gift': `gift#${sequence}`,
});

/** Some of {@link namesOf}: DynamoDB refuses placeholders that an expression does not use. */
export const pick = (sequence: string, ...wanted: readonly Attribute[]): Record<string, string> =>
  Object.fromEntries(wanted.map((name) => [`#${name}`, namesOf(sequence)[`#${name}`]]));
