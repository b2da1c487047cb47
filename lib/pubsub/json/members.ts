import type { GatewayError } from '../../errors.ts';
import { notAJsonMessage } from '../../messages/pubsub.ts';

const DECIMAL = /^-?(?:0|[1-9]\d{0,19})$/;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;
const INT32 = { min: -(2n ** 31n), max: 2n ** 31n - 1n };
const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

/**
 * The members of a message in proto3's JSON: names in camel case or as in the .proto file, integers as numbers or strings, bytes in
 * base64 of either alphabet. A member that is null counts as absent. Whatever does not fit is a BadRequest that says where.
 */
export class Members {
  readonly #members: ReadonlyMap<string, unknown>;
  readonly #where: string;

  /**
   * @param where the path of the message, to be named in errors; empty for the outermost
   * @param names of its fields, in camel case
   */
  constructor(value: unknown, where: string, names: readonly string[]) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw misfit(where, 'an object');
    const members = new Map<string, unknown>();
    for (const [given, member] of Object.entries(value)) {
      const name = given.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
      if (!names.includes(name))
        throw notAJsonMessage(`${where || 'the message'} has a member "${shown(given)}", and may have ${names.join(', ') || 'none'}`);
      if (members.has(name)) throw notAJsonMessage(`${pathOf(where, name)} is there twice`);
      members.set(name, member ?? undefined);
    }
    this.#members = members;
    this.#where = where;
  }

  has(name: string): boolean {
    return this.#members.get(name) !== undefined;
  }

  /** @param names of an enum's values, in the order of their numbers from 0 on */
  int32(name: string, names: readonly string[] = []): number {
    const value = this.#members.get(name);
    const number = typeof value === 'string' ? names.indexOf(value) : -1;
    return number >= 0 ? number : Number(this.#integer(name, INT32));
  }

  int64(name: string): bigint {
    return this.#integer(name, INT64);
  }

  text(name: string): string {
    const value = this.#members.get(name) ?? '';
    if (typeof value !== 'string') throw misfit(this.path(name), 'a string');
    return value;
  }

  /** Null when it is absent. */
  bytes(name: string): Buffer | null {
    const value = this.#members.get(name);
    if (value === undefined) return null;
    if (typeof value === 'string' && BASE64.test(value)) {
      const bytes = Buffer.from(value, 'base64');
      const digits = value.replace(/=+$/, '').length;
      if (bytes.length === Math.floor((digits * 3) / 4) && digits % 4 !== 1) return bytes;
    }
    throw misfit(this.path(name), 'a string of base64');
  }

  /** A message within the message. */
  message(name: string, names: readonly string[]): Members {
    return new Members(this.#members.get(name), this.path(name), names);
  }

  /** A list of messages; an absent one is empty. */
  messages(name: string, names: readonly string[]): Members[] {
    const value = this.#members.get(name) ?? [];
    if (!Array.isArray(value)) throw misfit(this.path(name), 'an array');
    return value.map((item: unknown, i) => new Members(item, `${this.path(name)}[${i}]`, names));
  }

  path(name: string): string {
    return pathOf(this.#where, name);
  }

  #integer(name: string, { min, max }: { min: bigint; max: bigint }): bigint {
    const integer = integerOf(this.#members.get(name) ?? 0);
    if (integer !== null && integer >= min && integer <= max) return integer;
    throw misfit(this.path(name), `an integer from ${min} to ${max}, beyond 2^53 as a string`);
  }
}

function integerOf(value: unknown): bigint | null {
  if (typeof value === 'string') return DECIMAL.test(value) ? BigInt(value) : null;
  // What JSON.parse has rounded is not what was sent.
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : null;
}

/** A name of a client's that cannot break a line or fill the log. */
const shown = (name: string): string => name.slice(0, 80).replace(/[^ -~]|["\\]/g, '?');

const misfit = (path: string, what: string): GatewayError => notAJsonMessage(`${path || 'it'} must be ${what}`);
const pathOf = (where: string, name: string): string => (where === '' ? name : `${where}.${name}`);
