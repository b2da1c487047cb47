import { createHash } from 'node:crypto';
import { operations } from '../access/operations.ts';
import { type BucketLimit, type KeyPart, type Rule, type SlottedLimit, units } from './rule.ts';

/** The environment variable with the rules. */
const SOURCE = 'GATEWAY_LIMITS';
/** How many steps a sliding window has. */
const STEPS = 10;
/** A lease that nobody returns expires after 30 to 35 s: a request lasts at most 29 s. */
const LEASE: Pick<SlottedLimit, 'slotMs' | 'slots'> = { slotMs: 5000, slots: 7 };
const MAX_AMOUNT = 1e12;
const MAX_WINDOW_S = 31 * 86_400;
const MAX_DELAY_S = 10;
const MAX_RULES = 50;

type Members = Readonly<Record<string, unknown>>;

/**
 * Reads the configured limits: a JSON array of rules, such as
 * `[{"kind": "fixed-window", "key": "principal", "limit": 1000, "window": 60}]`.
 *
 * @throws {Error} with the place of the mistake, such as `GATEWAY_LIMITS[0].window`
 */
export function parseRules(text: string): Rule[] {
  const json = parseJson(text);
  if (!Array.isArray(json) || json.length > MAX_RULES) throw new Error(`${SOURCE} must be a JSON array of at most ${MAX_RULES} rules`);
  const rules = json.map(readRule);
  for (const [i, { id }] of rules.entries()) {
    const twin = rules.findIndex((rule) => rule.id === id);
    if (twin !== i) throw new Error(`${SOURCE}[${i}] counts the same as ${SOURCE}[${twin}]: only the lower limit would matter`);
  }
  return rules;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${SOURCE} must be JSON`, { cause });
  }
}

function readRule(json: unknown, index: number): Rule {
  const members = new RuleReader(json, `${SOURCE}[${index}]`);
  const kind = members.oneOf('kind', ['fixed-window', 'sliding-window', 'leaky-bucket', 'concurrency']);
  const of = kind === 'concurrency' ? 'requests' : members.oneOf('of', units, 'requests');
  const scope = {
    key: readKey(members),
    of,
    operations: members.list('operations', (text) => operations.find((name) => name === text) ?? null),
    topics: members.list('topics', (text) => text),
    principals: members.list('principals', (text) => text),
  };
  if (of !== 'requests') {
    if (scope.operations?.some((operation) => operation !== 'produce'))
      members.fail('operations', `can only be produce where ${of} are counted`);
    scope.operations = ['produce'];
  }
  const metering = kind === 'leaky-bucket' ? readBucket(members) : readSlots(members, kind);
  const refusal = {
    status: members.integer('status', 400, 599, 429),
    code: members.integer('code', 400, 59_999, 429),
    message: members.text('message', /^[ -~]{1,500}$/, null),
  };
  const name = members.text('name', /^[\w.-]{1,64}$/, null) ?? `limit ${index + 1}`;
  members.endHere();
  return { name, id: idOf({ ...scope, ...metering }), ...scope, ...metering, refusal };
}

/** The name of a rule's counts: equal for two rules that count the same, whatever they allow. */
function idOf({ limit: _, burst: _burst, delayMs: _delay, ...counted }: Members): string {
  return createHash('sha256').update(JSON.stringify(counted)).digest('base64url').slice(0, 6);
}

function readKey(members: RuleReader): KeyPart[] {
  const parts = members.list('key', asKeyPart) ?? members.fail('key', 'must say who is counted, such as "principal"');
  // "all" is not a part: it means no parts.
  const parted = parts.filter((part) => part !== 'all');
  if (parted.length < parts.length && parts.length > 1) members.fail('key', 'can be "all", or parts, but not both');
  return [...new Set(parted)].sort();
}

function asKeyPart(text: string): KeyPart | 'all' | null {
  switch (text) {
    case 'principal':
    case 'api-key':
    case 'source-address':
    case 'topic':
    case 'all':
      return text;
    default: {
      const [, header] = /^header:([\w!#$%&'*+.^`|~-]+)$/.exec(text) ?? [];
      return header === undefined ? null : `header:${header.toLowerCase()}`;
    }
  }
}

function readSlots(members: RuleReader, kind: SlottedLimit['kind']): SlottedLimit {
  const limit = members.integer('limit', 1, MAX_AMOUNT);
  if (kind === 'concurrency') return { kind, limit, ...LEASE };
  const windowMs = members.integer('window', 1, MAX_WINDOW_S) * 1000;
  // Wherever in a slot a window begins, it ends in the tenth slot after it.
  return kind === 'fixed-window'
    ? { kind, limit, slotMs: windowMs, slots: 1 }
    : { kind, limit, slotMs: windowMs / STEPS, slots: STEPS + 1 };
}

function readBucket(members: RuleReader): BucketLimit {
  const rate = members.number('rate', 0.001, MAX_AMOUNT);
  const burst = members.integer('burst', 1, MAX_AMOUNT);
  if (burst / rate > MAX_WINDOW_S) members.fail('burst', 'must have leaked out within 31 days');
  return { kind: 'leaky-bucket', rate, burst, delayMs: Math.round(members.number('delay', 0, MAX_DELAY_S, 0) * 1000) };
}

/** Reads the members of a rule, and refuses those that nothing has read. */
class RuleReader {
  readonly #members: Members;
  readonly #place: string;
  readonly #read = new Set<string>();

  constructor(json: unknown, place: string) {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Error(`${place} must be an object`);
    this.#members = { ...json };
    this.#place = place;
  }

  fail(member: string, problem: string): never {
    throw new Error(`${this.#place}.${member} ${problem}`);
  }

  oneOf<Choice extends string>(member: string, choices: readonly Choice[], otherwise?: Choice): Choice {
    const value = this.#take(member) ?? otherwise;
    return choices.find((choice) => choice === value) ?? this.fail(member, `must be one of ${choices.join(', ')}`);
  }

  number(member: string, min: number, max: number, otherwise?: number): number {
    const value = this.#take(member) ?? otherwise;
    if (typeof value === 'number' && value >= min && value <= max) return value;
    return this.fail(member, `must be a number from ${min} to ${max}`);
  }

  integer(member: string, min: number, max: number, otherwise?: number): number {
    const value = this.number(member, min, max, otherwise);
    return Number.isInteger(value) ? value : this.fail(member, 'must be a whole number');
  }

  text(member: string, pattern: RegExp, otherwise: null): string | null {
    const value = this.#take(member) ?? otherwise;
    if (value === null || (typeof value === 'string' && pattern.test(value))) return value;
    return this.fail(member, `must be text that matches ${pattern.source}`);
  }

  /** A string or several; null when absent. */
  list<Read extends string>(member: string, read: (text: string) => Read | null): Read[] | null {
    const value = this.#take(member);
    if (value === undefined || value === null) return null;
    const texts: unknown[] = Array.isArray(value) ? value : [value];
    if (texts.length === 0) this.fail(member, 'must not be empty');
    return texts.map((text) => {
      const one = typeof text === 'string' && text !== '' ? read(text) : null;
      return one ?? this.fail(member, `cannot hold ${JSON.stringify(text)}`);
    });
  }

  endHere(): void {
    for (const member of Object.keys(this.#members)) if (!this.#read.has(member)) this.fail(member, 'has no meaning here');
  }

  #take(member: string): unknown {
    this.#read.add(member);
    return this.#members[member];
  }
}
