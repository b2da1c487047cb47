import type { Named } from '../access/caller.ts';
import type { Grant, Resource } from '../access/grants.ts';
import { grantsOfName, isOfName, may } from '../access/may.ts';
import type { Operation } from '../access/operations.ts';
import { accessConfig } from '../config/access.ts';
import type { GatewayError } from '../errors.ts';
import { groupNotGranted, topicNotGranted } from '../messages/callers.ts';
import type { Subject } from './subject.ts';

/**
 * Refuses what the caller has no grant for, whether or not the topic exists. Without configured grants, everything is allowed.
 *
 * @throws {GatewayError} Forbidden
 */
export function allow(subject: Subject, operation: Operation, topic: string): void {
  if (!mayOn(subject, 'topics')(operation, topic)) throw forbidden(operation, topic);
}

/**
 * The same for a consumer group.
 *
 * @throws {GatewayError} Forbidden
 */
export function allowGroup(subject: Subject, operation: Operation, group: string): void {
  if (mayOn(subject, 'consumer_groups')(operation, group)) return;
  throw groupNotGranted(operation, group);
}

/** Returns what the caller may do to topics or to consumer groups. */
export function mayOn(
  subject: Pick<Subject, 'caller' | 'principal' | 'mode' | 'isLasting'>,
  resource: Resource,
): (operation: Operation, name: string) => boolean {
  const grants = effective(subject.caller.grants, subject);
  const left = subject.isLasting && subject.caller.grants !== null ? grantsLeft(subject) : null;
  const allows = (given: readonly Grant[] | null, operation: Operation, name: string) =>
    given === null || may(given, operation, resource, name);
  return (operation, name) => allows(grants, operation, name) && allows(left, operation, name);
}

/**
 * The present grants for a caller's name, ignoring their other conditions; null when grants limit nobody.
 * Grants that the authorizer chose some time ago stay valid while such a grant exists: nobody knows any more by which group or claim the
 * authorizer chose them.
 */
function grantsLeft(named: Named): readonly Grant[] | null {
  const { grants } = accessConfig();
  return grants?.filter((grant) => isOfName(grant, named)) ?? null;
}

/** True when no grants limit what the caller may do. */
export const isUnrestricted = ({ caller }: Pick<Subject, 'caller'>): boolean => effective(caller.grants, caller) === null;

/** What the caller may do, without the conditions of the grants; null when no grants limit it. */
export function grantsOf({ caller, principal, mode }: Pick<Subject, 'caller' | 'principal' | 'mode'>): Omit<Grant, 'principal'>[] | null {
  const grants = effective(caller.grants, { principal, mode });
  return grants?.map(({ operations, topics = [], consumer_groups = [] }) => ({ operations, topics, consumer_groups })) ?? null;
}

/** The authorizer's choice of grants takes precedence; without one, the caller gets the grants for its name. */
function effective(given: readonly Grant[] | null, named: Named): readonly Grant[] | null {
  const { grants } = accessConfig();
  return given ?? (grants === null ? null : grantsOfName(grants, named));
}

/** @see allow */
export const forbidden = (operation: Operation, topic: string): GatewayError => topicNotGranted(operation, topic);
