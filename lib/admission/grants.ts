import type { Grant, Resource } from '../access/grants.ts';
import { grantsOfName, may } from '../access/may.ts';
import type { AuthMode } from '../access/modes.ts';
import type { Operation } from '../access/operations.ts';
import { accessConfig } from '../config/access.ts';
import { logConfig } from '../config/log.ts';
import type { GatewayError } from '../errors.ts';
import type { GatewayMiddleware } from '../http/middleware.ts';
import type { GatewayRequest } from '../http/request.ts';
import { credentialsExpired, credentialsMissing, groupNotGranted, topicNotGranted } from '../messages/callers.ts';

/** Modes in which this function need not know who is calling. */
const ANONYMOUS: readonly AuthMode[] = ['none', 'passthrough'];

const challenges: Partial<Record<AuthMode, string>> = { jwt: 'Bearer', basic: 'Basic realm="Kafka", charset="UTF-8"' };

/**
 * Middleware that lets known callers in only, where GATEWAY_AUTH asks who they are. API Gateway has asked before; this holds when a
 * route is wired without its authorizer, or when credentials have ended while API Gateway still repeats that they were right.
 */
export const knownCaller: GatewayMiddleware = {
  before({ internal }) {
    logConfig();
    const { modes } = accessConfig();
    const { principal, expiresAt } = internal.received.caller;
    const isKnown = principal !== null || modes.every((mode) => ANONYMOUS.includes(mode));
    if (isKnown && (expiresAt === null || expiresAt > Date.now())) return;
    const challenge = modes.map((mode) => challenges[mode]).filter((one) => one !== undefined);
    const headers: Record<string, string> = challenge.length > 0 ? { 'www-authenticate': challenge.join(', ') } : {};
    throw (isKnown ? credentialsExpired : credentialsMissing).with({ headers });
  },
};

/**
 * Refuses what the caller has no grant for, whether or not the topic exists. Without grants configured, everything may be done.
 *
 * @throws {GatewayError} Forbidden
 */
export function allow(request: GatewayRequest, operation: Operation, topic: string): void {
  if (!mayOn(request, 'topics')(operation, topic)) throw forbidden(operation, topic);
}

/**
 * The same for a consumer group.
 *
 * @throws {GatewayError} Forbidden
 */
export function allowGroup(request: GatewayRequest, operation: Operation, group: string): void {
  if (mayOn(request, 'consumer_groups')(operation, group)) return;
  throw groupNotGranted(operation, group);
}

/** Says what the caller of a request may do to topics, or to consumer groups. */
export function mayOn({ caller, principal }: GatewayRequest, resource: Resource): (operation: Operation, name: string) => boolean {
  const grants = effective(caller.grants, principal);
  return (operation, name) => grants === null || may(grants, operation, resource, name);
}

/** True when no grants limit what the caller may do. */
export const isUnrestricted = ({ caller }: GatewayRequest): boolean => effective(caller.grants, caller.principal) === null;

/** The authorizer has chosen the caller's grants where there is one; those of callers known by their name are chosen here. */
function effective(given: readonly Grant[] | null, principal: string | null): readonly Grant[] | null {
  const { grants } = accessConfig();
  return given ?? (grants === null ? null : grantsOfName(grants, principal));
}

/** @see allow */
export const forbidden = (operation: Operation, topic: string): GatewayError => topicNotGranted(operation, topic);
