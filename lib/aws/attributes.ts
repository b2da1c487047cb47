import type { Item } from './dynamodb.ts';

/** A number as an attribute. */
export const number = (value: number): { N: string } => ({ N: String(value) });

/** A time (Unix milliseconds) as DynamoDB's time to live, which is in seconds. */
export const timeToLive = (ms: number): { N: string } => number(Math.ceil(ms / 1000));

/** The text of an attribute. @throws {Error} when the item has none of this name */
export function textIn(item: Item, name: string): string {
  const text = item[name]?.S;
  if (text === undefined) throw malformed(name);
  return text;
}

/** The number of an attribute. @throws {Error} when the item has none of this name */
export function numberIn(item: Item, name: string): number {
  const value = Number(item[name]?.N);
  if (Number.isNaN(value)) throw malformed(name);
  return value;
}

/** The bytes of an attribute. @throws {Error} when the item has none of this name */
export function bytesIn(item: Item, name: string): Uint8Array {
  const bytes = item[name]?.B;
  if (bytes === undefined) throw malformed(name);
  return bytes;
}

/** The error for an item whose attribute is missing, or has no value that it can have. */
export const malformed = (name: string): Error =>
  new Error(`An item in the table is not as it was written: its attribute ${name} is missing or unknown`);
