import type { Named } from './caller.ts';
import type { Grant, Resource } from './grants.ts';
import type { Operation } from './operations.ts';
import { matches } from './pattern.ts';

/**
 * Whether one of the grants allows an operation on a topic or a consumer group. As with Kafka's own ACLs, whoever may do anything to it
 * but create it may describe it, too.
 */
export const may = (grants: readonly Grant[], operation: Operation, resource: Resource, name: string): boolean =>
  grants.some(
    (grant) =>
      grant[resource]?.some((pattern) => matches(pattern, name)) &&
      grant.operations.some((given) => given === operation || given === '*' || (operation === 'describe' && given !== 'create')),
  );

/** The grants that are for a caller of whom nothing but the name is known, if that. */
export const grantsOfName = (grants: readonly Grant[], caller: Named): Grant[] =>
  grants.filter((grant) => !grant.group && !grant.scope && !grant.claim && isOfName(grant, caller));

/** Whether principal and mode of a grant, where it has them, are the caller's. */
export const isOfName = (grant: Grant, { principal, mode }: Named): boolean =>
  (grant.principal === undefined || matches(grant.principal, principal ?? '')) && (grant.mode === undefined || grant.mode === mode);
