import type { Caller } from '../access/caller.ts';
import type { AuthMode } from '../access/modes.ts';
import { accessConfig } from '../config/access.ts';
import { logConfig } from '../config/log.ts';
import { metricsConfig } from '../config/metrics.ts';
import { tracingConfig } from '../config/tracing.ts';
import type { GatewayMiddleware } from '../http/middleware.ts';
import { credentialsExpired, credentialsMissing } from '../messages/callers.ts';

/** Modes in which this function need not know who is calling. */
const ANONYMOUS: readonly AuthMode[] = ['none', 'passthrough'];

const challenges: Partial<Record<AuthMode, string>> = { jwt: 'Bearer', basic: 'Basic realm="Kafka", charset="UTF-8"' };

/**
 * Middleware that lets known callers in only, where GATEWAY_AUTH asks who they are. API Gateway has asked before; this holds when a
 * route is wired without its authorizer, or when credentials have ended while API Gateway still repeats that they were right.
 */
export const knownCaller: GatewayMiddleware = { before: ({ internal }) => checkCaller(internal.received.caller) };

/**
 * The first check of whatever is asked.
 *
 * @throws {GatewayError} Unauthorized
 */
export function checkCaller({ principal, expiresAt }: Caller): void {
  logConfig();
  metricsConfig();
  tracingConfig();
  const { modes } = accessConfig();
  const isKnown = principal !== null || modes.every((mode) => ANONYMOUS.includes(mode));
  if (isKnown && (expiresAt === null || expiresAt > Date.now())) return;
  const challenge = modes.map((mode) => challenges[mode]).filter((one) => one !== undefined);
  const headers: Record<string, string> = challenge.length > 0 ? { 'www-authenticate': challenge.join(', ') } : {};
  throw (isKnown ? credentialsExpired : credentialsMissing).with({ headers });
}
