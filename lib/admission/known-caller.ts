import type { Caller } from '../access/caller.ts';
import type { AuthMode } from '../access/modes.ts';
import { accessConfig } from '../config/access.ts';
import { logConfig } from '../config/log.ts';
import { metricsConfig } from '../config/metrics.ts';
import { tracingConfig } from '../config/tracing.ts';
import type { RouteKey } from '../http/api.ts';
import type { GatewayMiddleware } from '../http/middleware.ts';
import { credentialsExpired, credentialsMissing } from '../messages/callers.ts';

/** Modes in which this function accepts anonymous callers. */
const ANONYMOUS: readonly AuthMode[] = ['none', 'passthrough'];

const challenges: Partial<Record<AuthMode, string>> = { jwt: 'Bearer', basic: 'Basic realm="Kafka", charset="UTF-8"' };

/** What says nothing but that the process runs: who watches containers and balances load has no credentials. API Gateway asks for them. */
const OPEN: readonly (RouteKey | undefined)[] = ['GET /health', 'GET /healthy'];

/**
 * Middleware that admits known callers only, if GATEWAY_AUTH demands it. API Gateway has checked the caller before. This check catches
 * a route that is deployed without its authorizer, and credentials that expired while API Gateway cached the authorizer's answer.
 */
export const knownCaller: GatewayMiddleware = {
  before: ({ internal }) => checkCaller(internal.received.caller, OPEN.includes(internal.routed?.route)),
};

/**
 * The first check of every operation.
 *
 * @param isOpen whether anonymous callers are admitted in every mode
 * @throws {GatewayError} Unauthorized
 */
export function checkCaller({ principal, expiresAt }: Caller, isOpen = false): void {
  logConfig();
  metricsConfig();
  tracingConfig();
  const { modes } = accessConfig();
  const isKnown = isOpen || principal !== null || modes.every((mode) => ANONYMOUS.includes(mode));
  if (isKnown && (expiresAt === null || expiresAt > Date.now())) return;
  const challenge = modes.map((mode) => challenges[mode]).filter((one) => one !== undefined);
  const headers: Record<string, string> = challenge.length > 0 ? { 'www-authenticate': challenge.join(', ') } : {};
  throw (isKnown ? credentialsExpired : credentialsMissing).with({ headers });
}
