import assert from 'node:assert/strict';
import { errors } from '../../lib/errors.ts';

const LONGEST = 1000;
const { InternalError, ...others } = errors;
const codes = new Set<unknown>(Object.values(others).map(({ code }) => code));

/** Checks what is told of an error, wherever that is: short, in ASCII, and of nothing that is the gateway's own business. */
export function judgeMessage(message: unknown, place: string): void {
  assert.ok(typeof message === 'string' && message.length > 0 && message.length <= LONGEST, `${place}: ${JSON.stringify(message)}`);
  assert.match(message, /^[ -~…]+$/);
  assert.doesNotMatch(message, /127\.0\.0\.1|localhost|ECONN|\.ts\b|\bat \w+ \(|KafkaJS|\[object|The gateway failed/);
}

/** Checks the code of a record's error beside it: any but that of a fault of the gateway's own. */
export function judgeErrorCode(code: unknown, place: string): void {
  assert.ok(codes.has(code), `${place}: ${code}`);
}
