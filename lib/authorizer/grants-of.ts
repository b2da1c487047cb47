import type { Named } from '../access/caller.ts';
import type { Grant } from '../access/grants.ts';
import { isOfName } from '../access/may.ts';
import { matches } from '../access/pattern.ts';
import type { RowFilter } from '../access/row-filters.ts';
import type { Identity } from './identity.ts';

/** The grants that apply to a caller. `"principal": "*"` applies to everyone, including anonymous callers. */
export const grantsOf = (grants: readonly Grant[], { principal, mode, groups, scopes, claims }: Identity & Named): Grant[] =>
  grants.filter(
    (grant) =>
      isOfName(grant, { principal, mode }) &&
      (grant.group === undefined || matchesAny(grant.group, groups)) &&
      (grant.scope === undefined || matchesAny(grant.scope, scopes)) &&
      (grant.claim === undefined || Object.entries(grant.claim).every(([name, wanted]) => holds(claims, name, wanted))),
  );

const matchesAny = (pattern: string, names: readonly string[]): boolean => names.some((name) => matches(pattern, name));

/** Whether a claim equals the wanted text, or is an array that contains it. Dots in a name lead into nested claims. */
function holds(claims: Readonly<Record<string, unknown>>, name: string, wanted: string): boolean {
  const claim = claimNamed(claims, name);
  return Array.isArray(claim) ? claim.some((item) => isText(item, wanted)) : isText(claim, wanted);
}

/** The values of the claims that row filters use; null if there are none. */
export function claimsFor(filters: readonly RowFilter[], claims: Identity['claims']): Record<string, string[]> | null {
  const found = [...new Set(filters.map(({ claim }) => claim))].flatMap((name): [string, string[]][] => {
    const texts = [claimNamed(claims, name)].flat().filter(isScalar).map(String).filter(Boolean);
    return texts.length === 0 ? [] : [[name, texts]];
  });
  return found.length === 0 ? null : Object.fromEntries(found);
}

/** The value of a claim, by its name or by its path, joined by dots (`realm_access.roles`); undefined if absent. */
export function claimNamed(claims: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let value: unknown = claims;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}

const isText = (value: unknown, wanted: string): boolean => isScalar(value) && matches(wanted, String(value));

const isScalar = (value: unknown): value is string | number | boolean => ['string', 'number', 'boolean'].includes(typeof value);
