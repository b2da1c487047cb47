import type { Named } from './caller.ts';
import type { Grant, Resource } from './grants.ts';
import type { Operation } from './operations.ts';
import { matches } from './pattern.ts';

/**
 * Whether one of the grants allows an operation on a topic or a consumer group. As in Kafka's ACLs, every operation except create
 * implies describe.
 */
export const may = (grants: readonly Grant[], operation: Operation, resource: Resource, name: string): boolean =>
  grants.some(
    (grant) =>
      grant[resource]?.some((pattern) => matches(pattern, name)) &&
      grant.operations.some((given) => given === operation || given === '*' || (operation === 'describe' && given !== 'create')),
  );

/** The grants for a caller of whom at most the name is known. */
export const grantsOfName = (grants: readonly Grant[], caller: Named): Grant[] =>
  grants.filter((grant) => !grant.group && !grant.scope && !grant.claim && isOfName(grant, caller));

/** Whether the caller matches the principal and the mode of a grant, where it has them. */
export const isOfName = (grant: Grant, { principal, mode }: Named): boolean =>
  (grant.principal === undefined || matches(grant.principal, principal ?? '')) && (grant.mode === undefined || grant.mode === mode);
