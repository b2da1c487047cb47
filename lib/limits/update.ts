import type { Item } from '../aws/dynamodb.ts';
import type { Counts } from './counts.ts';

/** The parts of a DynamoDB UpdateItem, or of an Update in a transaction. */
export interface UpdateExpressions {
  UpdateExpression: string;
  ConditionExpression?: string;
  ExpressionAttributeNames: Record<string, string>;
  ExpressionAttributeValues?: Item;
}

/** A conditional change of an item's numbers. */
export class Update {
  readonly #added = new Map<string, number>();
  readonly #set = new Map<string, number>();
  readonly #removed = new Set<string>();
  readonly #conditions: ((placeholders: Placeholders) => string)[] = [];
  #stamp: [name: string, text: string] | null = null;

  /** Adds to a number; an absent one counts as 0. */
  add(name: string, amount: number): void {
    this.#added.set(name, amount);
  }

  set(name: string, value: number): void {
    this.#set.set(name, value);
  }

  /** Sets an attribute that is not a number. */
  stamp(name: string, text: string): void {
    this.#stamp = [name, text];
  }

  remove(name: string): void {
    this.#removed.add(name);
  }

  /** Requires that a number is absent or at most this. */
  ifAtMost(name: string, most: number): void {
    this.#conditions.push((as) => `(attribute_not_exists(${as.name(name)}) OR ${as.name(name)} <= ${as.number(most)})`);
  }

  ifBetween(name: string, least: number, most: number): void {
    this.#conditions.push((as) => `${as.name(name)} BETWEEN ${as.number(least)} AND ${as.number(most)}`);
  }

  ifExists(name: string): void {
    this.#conditions.push((as) => `attribute_exists(${as.name(name)})`);
  }

  /** The numbers of an item after the change, if it had these before. */
  appliedTo(counts: Counts): Counts {
    const after: Record<string, number> = { ...counts };
    for (const [name, amount] of this.#added) after[name] = (after[name] ?? 0) + amount;
    for (const [name, value] of this.#set) after[name] = value;
    for (const name of this.#removed) delete after[name];
    return after;
  }

  expressions(): UpdateExpressions {
    const as = new Placeholders();
    const set = [...this.#set].map(([name, value]) => `${as.name(name)} = ${as.number(value)}`);
    if (this.#stamp !== null) set.push(`${as.name(this.#stamp[0])} = ${as.value({ S: this.#stamp[1] })}`);
    const added = [...this.#added].map(([name, amount]) => `${as.name(name)} ${as.number(amount)}`);
    const removed = [...this.#removed].map((name) => as.name(name));
    const clauses = [clause('SET', set), clause('ADD', added), clause('REMOVE', removed)];
    const conditions = this.#conditions.map((condition) => condition(as));
    return {
      UpdateExpression: clauses.filter((text) => text !== '').join(' '),
      ...(conditions.length > 0 && { ConditionExpression: conditions.join(' AND ') }),
      ExpressionAttributeNames: Object.fromEntries([...as.names].map(([name, placeholder]) => [placeholder, name])),
      // DynamoDB refuses an empty one.
      ...(as.values.size > 0 && { ExpressionAttributeValues: Object.fromEntries(as.values) }),
    };
  }
}

/** Placeholders for names and values in expressions. */
class Placeholders {
  readonly names = new Map<string, string>();
  readonly values = new Map<string, Item[string]>();

  name(name: string): string {
    const placeholder = this.names.get(name) ?? `#${this.names.size}`;
    this.names.set(name, placeholder);
    return placeholder;
  }

  number = (value: number): string => this.value({ N: String(value) });

  value(value: Item[string]): string {
    const placeholder = `:${this.values.size}`;
    this.values.set(placeholder, value);
    return placeholder;
  }
}

const clause = (keyword: string, items: readonly string[]): string => (items.length === 0 ? '' : `${keyword} ${items.join(', ')}`);
