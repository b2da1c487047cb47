import assert from 'node:assert/strict';
import type { Answer } from './gateway.ts';

/** What a client must see of an error. */
export interface Refusal {
  status: number;
  code: number;
  message: RegExp;
  /** The media type of the body, if it is not the generic one. */
  mediaType?: string;
}

/** What a client sees of what Kafka does not authorize. */
export const forbiddenTopic: Refusal = { status: 403, code: 40301, message: /^Kafka does not authorize this on the topic[.:]/ };
export const forbiddenGroup: Refusal = { status: 403, code: 40301, message: /^Kafka does not authorize this on the consumer group[.:]/ };

/** Statuses, and codes of other statuses, after which a retry may succeed. */
const RETRIABLE = new Set([429, 503, 504, 40905]);

/**
 * Checks an error response: its status, its body with exactly `error_code` and `message`, and the rules for all errors: a request id,
 * Retry-After if a retry makes sense, and no internals in the message.
 */
export function assertRefused(answer: Answer, { status, code, message, mediaType = 'application/vnd.kafka.v2+json' }: Refusal): void {
  const { headers, json } = answer;
  assert.deepEqual([answer.status, Object.keys(Object(json))], [status, ['error_code', 'message']], answer.text);
  const body: { error_code: number; message: string } = Object(json);

  assert.equal(body.error_code, code, answer.text);
  assert.match(body.message, message);
  assert.doesNotMatch(body.message, /127\.0\.0\.1|localhost|ECONN|\.ts\b|\bat \w+ \(|KafkaJS|secret/);
  assert.equal(headers['content-type'], mediaType);
  assert.match(headers['x-request-id'], /./);
  assert.equal(headers['retry-after'] !== undefined, RETRIABLE.has(status) || RETRIABLE.has(code), `Retry-After of a ${status}`);
  if (RETRIABLE.has(status)) assert.match(headers['retry-after'], /^[1-9]\d*$/);
}
