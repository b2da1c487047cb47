import { type NamingMode, namingModes } from './modes.ts';
import { type Operation, operations } from './operations.ts';

/** The members of a grant that name resources. */
export type Resource = 'topics' | 'consumer_groups';

/** Operations that a caller may do if it matches every condition of the grant. Names are exact or `prefix*`. */
export interface Grant {
  /** `*` is everyone, including anonymous callers. */
  readonly principal?: string;
  /** The mode by which the caller must have authenticated; any if absent. */
  readonly mode?: NamingMode;
  readonly group?: string;
  readonly scope?: string;
  /** Claims of the caller's token, and the value that each must equal or, as an array, contain. */
  readonly claim?: Readonly<Record<string, string>>;
  readonly operations: readonly (Operation | '*')[];
  readonly topics?: readonly string[];
  readonly consumer_groups?: readonly string[];
}

/**
 * Reads grants: a JSON array of `{"principal"|"group"|"scope"|"claim", "mode"?, "operations", "topics"|"consumer_groups"}`.
 *
 * @throws {Error} with the place of the mistake
 */
export function parseGrants(text: string): Grant[] {
  const grants = parse(text);
  if (!Array.isArray(grants)) throw new Error('it must be a JSON array of grants');
  return grants.map((grant: unknown, index) => {
    checkGrant(grant, `[${index}]`);
    return grant;
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function checkGrant(grant: unknown, place: string): asserts grant is Grant {
  const { principal, group, scope, claim, mode, operations: granted, topics, consumer_groups: groups, ...others } = entriesOf(grant, place);
  for (const name in others) throw new Error(`${place}.${name} is no part of a grant`);
  const names = { principal, group, scope };
  if (Object.values({ ...names, claim }).every((one) => one === undefined)) {
    throw new Error(`${place} must say whom it is for: principal ("*" is everyone), group, scope or claim`);
  }
  for (const [name, value] of Object.entries(names)) if (value !== undefined) checkNames([value], `${place}.${name}`);
  if (claim !== undefined) {
    const wanted = Object.values(entriesOf(claim, `${place}.claim`));
    // Without a condition, the grant would be for everyone.
    checkNames(wanted.length === 0 ? [''] : wanted, `${place}.claim`);
  }
  if (mode !== undefined) checkNames([mode], `${place}.mode`, namingModes);
  checkNames(granted, `${place}.operations`, ['*', ...operations]);
  if (topics === undefined && groups === undefined) throw new Error(`${place} must have topics or consumer_groups`);
  checkNames(topics ?? [], `${place}.topics`);
  checkNames(groups ?? [], `${place}.consumer_groups`);
}

function entriesOf(value: unknown, place: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new Error(`${place} must be an object`);
}

function checkNames(names: unknown, place: string, known?: readonly string[]): void {
  const isName = (name: unknown) => typeof name === 'string' && (known ? known.includes(name) : /^[^*]+$|^[^*]*\*$/.test(name));
  if (Array.isArray(names) && names.every(isName)) return;
  throw new Error(`${place} must be ${known?.join(', ') ?? 'names, in which a * may stand at the end'}`);
}
