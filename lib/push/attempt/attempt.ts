import type { Subscription } from '../subscription/subscription.ts';
import type { Authorization } from './authorization.ts';
import { messageOf, type PlacedRecord } from './delivery-body.ts';
import type { Answer, Post } from './post.ts';
import { webhookHeaders } from './signature.ts';
import type { TargetSecrets } from './target-secrets.ts';
import { type Verdict, verdictOn } from './verdict.ts';
import { reasonOf } from './verify.ts';
import { webhookId } from './webhook-id.ts';

/** How long an attempt may take: for the endpoint to answer, and for all that is asked for before. */
const ATTEMPT_MS = 15_000;
const UNAUTHORIZED = 401;
/** How much of a response body the subscription's owner sees. */
const SHOWN = 200;

/** The result of an attempt. */
export interface Outcome {
  readonly id: string;
  readonly verdict: Verdict;
  readonly status: number | null;
  /** Null after a success. */
  readonly error: string | null;
  readonly ms: number;
}

/** Wraps each attempt, for example in a span of a trace. */
export type Around = (subscription: Subscription, records: readonly PlacedRecord[], attempt: () => Promise<Outcome>) => Promise<Outcome>;

/** What an attempt needs. */
export interface AttemptTools {
  readonly post: Post;
  readonly secrets: TargetSecrets;
  readonly authorization: Authorization;
  readonly now: () => number;
  readonly around?: Around | undefined;
}

/** Sends records of one partition in one request, once. Never rejects: an error is a failure to retry. */
export function attempt(
  subscription: Subscription,
  records: readonly PlacedRecord[],
  headers: Record<string, string>,
  tools: AttemptTools,
): Promise<Outcome> {
  const once = () => send(subscription, records, headers, tools);
  return tools.around === undefined ? once() : tools.around(subscription, records, once);
}

async function send(
  { name, definition }: Subscription,
  records: readonly PlacedRecord[],
  headers: Record<string, string>,
  { post, secrets, authorization, now }: AttemptTools,
): Promise<Outcome> {
  const id = webhookId(name, records);
  const began = now();
  const left = (): number => Math.max(1, began + ATTEMPT_MS - now());
  try {
    const message = messageOf(records, definition);
    const url = new URL(definition.url);
    const signers = await secrets.signers();
    const request = (authorized: Record<string, string>): Promise<Answer> => {
      const signed = webhookHeaders(id, now(), message.body, signers);
      const all = { ...message.headers, ...headers, ...authorized, 'user-agent': 'kafka-http-gateway', ...signed };
      return post(url, all, message.body, left(), 'status', definition.delivery === 'at-most-once');
    };
    const authorized = await authorization.headers(left());
    let answer = await request(authorized);
    if (answer.status === UNAUTHORIZED && (await authorization.refused(authorized, left()))) {
      answer = await request(await authorization.headers(left()));
    }
    const verdict = verdictOn(answer, definition.retry, now());
    const error = verdict.kind === 'delivered' ? null : `the endpoint answered ${answer.status}${quoted(answer.text)}`;
    return { id, verdict, status: answer.status, error, ms: now() - began };
  } catch (error) {
    const verdict: Verdict = { kind: 'again', after: 0, all: false };
    return { id, verdict, status: null, error: `no answer: ${reasonOf(error)}`, ms: now() - began };
  }
}

function quoted(text: string): string {
  const shown = text
    .slice(0, SHOWN)
    .replace(/[^\x20-\x7e]/g, ' ')
    .trim();
  return shown === '' ? '' : `: ${shown}`;
}
