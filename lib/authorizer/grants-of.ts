import type { Named } from '../access/caller.ts';
import type { Grant } from '../access/grants.ts';
import { isOfName } from '../access/may.ts';
import { matches } from '../access/pattern.ts';
import type { Identity } from './identity.ts';

/** The grants that are for a caller. `"principal": "*"` is for everyone, the anonymous too. */
export const grantsOf = (grants: readonly Grant[], { principal, mode, groups, scopes, claims }: Identity & Named): Grant[] =>
  grants.filter(
    (grant) =>
      isOfName(grant, { principal, mode }) &&
      (grant.group === undefined || matchesAny(grant.group, groups)) &&
      (grant.scope === undefined || matchesAny(grant.scope, scopes)) &&
      (grant.claim === undefined || Object.entries(grant.claim).every(([name, wanted]) => holds(claims, name, wanted))),
  );

const matchesAny = (pattern: string, names: readonly string[]): boolean => names.some((name) => matches(pattern, name));

/** Whether a claim is the text wanted, or an array that holds it. A name with dots also leads into nested claims. */
function holds(claims: Readonly<Record<string, unknown>>, name: string, wanted: string): boolean {
  const claim = claimNamed(claims, name);
  return Array.isArray(claim) ? claim.some((item) => isText(item, wanted)) : isText(claim, wanted);
}

/** The value of a claim, by its name or by the names that lead to it, joined by dots (`realm_access.roles`); undefined without it. */
export function claimNamed(claims: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let value: unknown = claims;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}

const isText = (value: unknown, wanted: string): boolean =>
  (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') && matches(wanted, String(value));
