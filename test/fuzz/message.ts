import assert from 'node:assert/strict';

const LONGEST = 1000;

/** Checks what is told of an error, wherever that is: short, in ASCII, and of nothing that is the gateway's own business. */
export function judgeMessage(message: unknown, place: string): void {
  assert.ok(typeof message === 'string' && message.length > 0 && message.length <= LONGEST, `${place}: ${JSON.stringify(message)}`);
  assert.match(message, /^[ -~…]+$/);
  assert.doesNotMatch(message, /127\.0\.0\.1|localhost|ECONN|\.ts\b|\bat \w+ \(|KafkaJS|\[object|The gateway failed/);
}
