/** What can be granted on a topic or a consumer group. */
export const operations = ['produce', 'read', 'describe', 'commit', 'create', 'delete', 'alter'] as const;

/** One of {@link operations}. */
export type Operation = (typeof operations)[number];

/** Members of a grant that name what it is about. */
export type Resource = 'topics' | 'consumer_groups';

/** Who a grant is for: a caller of whom all of this holds. Names are exact or `prefix*`. */
export interface Selector {
  readonly principal?: string;
  readonly group?: string;
  readonly scope?: string;
  /** Claims of the caller's token and the values that they must have, or hold. */
  readonly claim?: Readonly<Record<string, string>>;
}

/** What may be done: these operations on these topics and consumer groups, whose names are exact or `prefix*`. */
export interface Grant extends Selector {
  readonly operations: readonly (Operation | '*')[];
  readonly topics: readonly string[];
  readonly consumer_groups: readonly string[];
}

const members = ['principal', 'group', 'scope', 'claim', 'operations', 'topics', 'consumer_groups'];

/**
 * Reads grants: a JSON array of `{"principal"|"group"|"scope"|"claim", "operations", "topics"?, "consumer_groups"?}`.
 *
 * @throws {Error} naming the place of what is wrong
 */
export function parseGrants(text: string): Grant[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error('must be JSON');
  }
  if (!Array.isArray(json)) throw new Error('must be an array of grants');
  return json.map((grant, index) => readGrant(grant, `[${index}]`));
}

function readGrant(grant: unknown, place: string): Grant {
  if (!isObject(grant)) throw new Error(`${place} must be an object`);
  const unknown = Object.keys(grant).find((name) => !members.includes(name));
  if (unknown !== undefined) throw new Error(`${place} must not have "${unknown}"; a grant has ${members.join(', ')}`);
  const selector = {
    ...readName(grant.principal, 'principal', place),
    ...readName(grant.group, 'group', place),
    ...readName(grant.scope, 'scope', place),
    ...readClaims(grant.claim, place),
  };
  if (Object.keys(selector).length === 0)
    throw new Error(`${place} must say who it is for: principal ("*" is everyone), group, scope or claim`);
  const granted = readNames(grant.operations, `${place}.operations`).map((word) => {
    const operation = word === '*' ? word : operations.find((one) => one === word);
    if (operation === undefined) throw new Error(`${place}.operations must be some of ${operations.join(', ')}, or "*"`);
    return operation;
  });
  const topics = readNames(grant.topics, `${place}.topics`);
  const groups = readNames(grant.consumer_groups, `${place}.consumer_groups`);
  if (granted.length === 0) throw new Error(`${place}.operations is missing`);
  if (topics.length + groups.length === 0) throw new Error(`${place} must name topics or consumer_groups`);
  return { ...selector, operations: granted, topics, consumer_groups: groups };
}

function readName(value: unknown, member: string, place: string): object {
  return value === undefined ? {} : { [member]: checkName(value, `${place}.${member}`) };
}

function readNames(value: unknown, place: string): string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new Error(`${place} must be an array of names`);
  return value.map((name, index) => checkName(name, `${place}[${index}]`));
}

function checkName(value: unknown, place: string): string {
  if (typeof value === 'string' && /^[^*]*\*?$/s.test(value) && value !== '') return value;
  throw new Error(`${place} must be a name, or the beginning of names and one * at its end`);
}

function readClaims(value: unknown, place: string): object {
  if (value === undefined) return {};
  const claims = isObject(value) ? Object.entries(value) : [];
  if (claims.length > 0 && claims.every(([, wanted]) => typeof wanted === 'string')) return { claim: Object.fromEntries(claims) };
  throw new Error(`${place}.claim must be an object of claims and the strings they must be`);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
