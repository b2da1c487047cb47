import type { DescEnum, DescField, DescMessage, Registry } from '@bufbuild/protobuf';
import { isPlainObject, Misfit } from '../misfit.ts';
import type { WorkBudget } from '../work-budget.ts';

/** How deep messages may be nested here; the library's own limit is lower. */
const MAX_DEPTH = 110;
/** The weight of a number in JSON, and of punctuation. */
const NUMBER = 12;
const AROUND = 4;
/** Its JSON is that of the message in it, which may be any of the registry. */
const ANY = 'google.protobuf.Any';
const TYPE_URL = 0x0a;
const VALUE = 0x12;
const longest = new WeakMap<DescEnum, number>();

interface Shape {
  /** The JSON of an empty message, which shows fields with their default. */
  empty: number;
  byNumber: ReadonlyMap<number, DescField>;
  byName: ReadonlyMap<string, DescField>;
}

const shapes = new WeakMap<DescMessage, Shape>();

function shapeOf(message: DescMessage): Shape {
  const known = shapes.get(message);
  if (known !== undefined) return known;
  const { fields } = message;
  const shape = {
    empty: fields.reduce(
      (sum, field) => sum + field.jsonName.length + AROUND + (field.enum === undefined ? AROUND : longestOf(field.enum)),
      AROUND,
    ),
    byNumber: new Map(fields.map((field) => [field.number, field])),
    byName: new Map(fields.flatMap((field) => [field.name, field.jsonName].map((name) => [name, field]))),
  };
  shapes.set(message, shape);
  return shape;
}

function longestOf(one: DescEnum): number {
  const known = longest.get(one) ?? one.values.reduce((most, { name }) => Math.max(most, name.length), NUMBER);
  longest.set(one, known);
  return known;
}

/**
 * Estimates the size of a message's JSON, which the library builds without any limit: it also shows absent fields, and one byte may become
 * the long name of an enum value.
 *
 * @param most stops counting beyond this weight
 * @param registry of the messages that an Any may hold
 */
export function weightOfBytes(message: DescMessage, bytes: Buffer, most: number, registry: Registry): number {
  return new Wire(bytes, most, registry).message(message, bytes.length, 0);
}

/** The message that an Any says it holds. */
const messageIn = (typeUrl: string, registry: Registry): DescMessage | undefined =>
  registry.getMessage(typeUrl.slice(typeUrl.lastIndexOf('/') + 1));

class Wire {
  readonly #bytes: Buffer;
  readonly #most: number;
  readonly #registry: Registry;
  #at = 0;
  #weight = 0;

  constructor(bytes: Buffer, most: number, registry: Registry) {
    this.#bytes = bytes;
    this.#most = most;
    this.#registry = registry;
  }

  /** The library refuses malformed bytes; this only weighs them. */
  message(message: DescMessage | undefined, end: number, depth: number): number {
    if (depth > MAX_DEPTH) throw new Misfit(`is nested deeper than ${MAX_DEPTH} levels`);
    if (message?.typeName === ANY) return this.#any(end, depth);
    const shape = message === undefined ? undefined : shapeOf(message);
    this.#weight += shape?.empty ?? 0;
    while (this.#at < end && this.#weight <= this.#most) {
      const tag = this.#varint();
      const type = tag % 8;
      if (type === 4) break;
      const field = shape?.byNumber.get(Math.floor(tag / 8));
      this.#weight += AROUND + (field?.jsonName.length ?? 0);
      if (type === 3) this.message(field?.message, end, depth + 1);
      else this.#value(type, field, end, depth);
    }
    return this.#weight;
  }

  #value(type: number, field: DescField | undefined, end: number, depth: number): void {
    if (type === 2) {
      this.#delimited(field, end, depth);
      return;
    }
    this.#weight += field?.enum === undefined ? NUMBER : longestOf(field.enum);
    if (type === 0) this.#varint();
    else this.#at += type === 1 ? 8 : 4;
  }

  #delimited(field: DescField | undefined, end: number, depth: number): void {
    const length = this.#varint();
    const stop = Math.min(end, this.#at + length);
    if (field?.message !== undefined && field.fieldKind !== 'map') this.message(field.message, stop, depth + 1);
    else if (field?.fieldKind === 'map')
      this.#weight += NUMBER + (field.message === undefined ? longestIn(field) : this.#entry(field.message, stop, depth));
    else if (field?.fieldKind === 'list') this.#weight += (stop - this.#at) * (field.enum === undefined ? AROUND : longestOf(field.enum));
    this.#weight += length;
    this.#at = stop;
  }

  /** The value of a map entry is its second field. */
  #entry(message: DescMessage, end: number, depth: number): number {
    while (this.#at < end && this.#weight <= this.#most) {
      const tag = this.#varint();
      const length = tag % 8 === 2 ? this.#varint() : 0;
      if (tag === VALUE) this.message(message, Math.min(end, this.#at + length), depth + 1);
      else this.#skip(tag, length);
    }
    return shapeOf(message).empty;
  }

  /** The value may come before its type. */
  #any(end: number, depth: number): number {
    let typeUrl = '';
    let [from, to] = [end, end];
    while (this.#at < end) {
      const tag = this.#varint();
      const length = tag % 8 === 2 ? this.#varint() : 0;
      const stop = Math.min(end, this.#at + length);
      if (tag === TYPE_URL) typeUrl = this.#bytes.toString('utf8', this.#at, stop);
      if (tag === VALUE) [from, to] = [this.#at, stop];
      this.#skip(tag, length);
    }
    this.#at = from;
    this.#weight += typeUrl.length + NUMBER;
    this.message(messageIn(typeUrl, this.#registry), to, depth + 1);
    this.#at = end;
    return this.#weight;
  }

  #skip(tag: number, length: number): void {
    if (tag % 8 === 2) this.#at += length;
    else if (tag % 8 === 0) this.#varint();
    else this.#at += tag % 8 === 1 ? 8 : 4;
  }

  #varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const byte = this.#bytes[this.#at++] ?? 0;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }
}

const longestIn = ({ enum: values }: DescField): number => (values === undefined ? NUMBER : longestOf(values));

/**
 * Charges the cost of reading a JSON value as a message: for each message, one step per field of its type, present or not.
 *
 * @throws {Misfit} when the budget is exhausted
 */
export function spendOnJson(message: DescMessage, json: unknown, budget: WorkBudget, registry: Registry): void {
  if (!isPlainObject(json)) return;
  if (message.typeName === ANY) {
    budget.spend(5);
    const type = json['@type'];
    const within = typeof type === 'string' ? messageIn(type, registry) : undefined;
    // An Any in an Any is in its value.
    if (within !== undefined) spendOnJson(within, within.typeName === ANY ? json.value : json, budget, registry);
    return;
  }
  const { byName } = shapeOf(message);
  budget.spend(5 + byName.size);
  for (const [name, value] of Object.entries(json)) {
    budget.spend(1);
    const field = byName.get(name);
    if (field?.message === undefined) {
      if (Array.isArray(value)) budget.spend(value.length);
    } else if (field.fieldKind === 'list' && Array.isArray(value))
      for (const item of value) spendOnJson(field.message, item, budget, registry);
    else if (field.fieldKind === 'map' && isPlainObject(value))
      for (const item of Object.values(value)) spendOnJson(field.message, item, budget, registry);
    else spendOnJson(field.message, value, budget, registry);
  }
}
