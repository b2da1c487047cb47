import { randomUUID } from 'node:crypto';
import type { Subscription } from '../subscription/subscription.ts';
import { authorizationOf } from './authorization.ts';
import type { Post } from './post.ts';
import { webhookHeaders } from './signature.ts';
import type { TargetSecrets } from './target-secrets.ts';

/** How long the endpoint may take, and what is asked for before. Its 2xx proves that the URL is the subscriber's, or that its owner wants deliveries. */
const PING_MS = 15_000;

/** Sends a signed ping. @returns null after a 2xx, else what went wrong */
export async function ping(
  { name, definition }: Subscription,
  post: Post,
  secrets: TargetSecrets,
  timeoutMs: number,
): Promise<string | null> {
  const authorization = authorizationOf(secrets, post, Date.now);
  const until = Date.now() + Math.min(PING_MS, timeoutMs);
  const left = (): number => Math.max(1, until - Date.now());
  const body = Buffer.from(JSON.stringify({ type: 'ping', timestamp: new Date().toISOString(), data: { subscription: name } }));
  try {
    const headers = {
      'content-type': 'application/json',
      'kafka-gateway-event': 'ping',
      ...(await authorization.headers(left())),
      ...webhookHeaders(`ping_${randomUUID()}`, Date.now(), body, await secrets.signers()),
    };
    const { status } = await post(new URL(definition.url), headers, body, left());
    return status >= 200 && status < 300 ? null : `it answered ${status}`;
  } catch (error) {
    return reasonOf(error);
  }
}

/** What went wrong, for the subscription's owner. It names the secret and the member at fault and never shows their content. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  // The error's own message is for callers of the gateway.
  if (error.name === 'CredentialsUnavailable' && cause instanceof Error) return reasonOf(cause);
  const code = 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  const deeper = cause instanceof Error && error.message.endsWith('does not fit the configuration') ? `: ${cause.message}` : '';
  return `${error.message || error.name}${code}${deeper}`.slice(0, LONGEST);
}

const LONGEST = 400;
