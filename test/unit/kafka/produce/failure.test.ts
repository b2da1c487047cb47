import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../../../lib/errors.ts';
import { kafkaError } from '../../../../lib/kafka/error-codes.ts';
import { connectionError } from '../../../../lib/kafka/failures.ts';
import { type Delivery, delivery, refuse } from '../../../../lib/kafka/produce/delivery.ts';
import { failureOf, notWritten } from '../../../../lib/kafka/produce/failure.ts';

const deliveryWith = (parts: Partial<Delivery>): Delivery => ({ ...delivery('orders', 0, Buffer.alloc(0), 1), ...parts });
const refusedWith = (error: number, maybeWritten: boolean): Delivery => {
  const one = deliveryWith({ maybeWritten });
  refuse(one, error);
  return one;
};
const down = connectionError(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));

const NOT_WRITTEN = /The records were not written(: [a-z ]+)?$/;
const PERHAPS = /The records may have been written, or may still be: look for them .*twice$/;

test('a batch that was given up without a word from Kafka may have been written: 504', () => {
  const error = failureOf(deliveryWith({ maybeWritten: true, cause: kafkaError(7) }), null, Date.now());

  assert.deepEqual([error.name, error.status, error.retriable], ['DeadlineExceeded', 504, true]);
  assert.match(error.message, PERHAPS);
  assert.ok(error.cause instanceof GatewayError);
});

test('long after the deadline, it was this process that stood still; what became of the records is told all the same', () => {
  const sure = failureOf(deliveryWith({}), null, Date.now() - 5000);
  const unsure = failureOf(deliveryWith({ maybeWritten: true }), null, Date.now() - 5000);

  for (const error of [sure, unsure])
    assert.match(error.message, /^The gateway stood still until the time for this request had run out\. The/);
  assert.match(sure.message, NOT_WRITTEN);
  assert.match(unsure.message, PERHAPS);
});

test('a batch that nobody could be sent was not written, and the error is what went wrong', () => {
  const error = failureOf(deliveryWith({ cause: down }), null, Date.now());

  assert.deepEqual([error.name, error.status], ['KafkaUnavailable', 503]);
  assert.match(error.message, NOT_WRITTEN);
  assert.equal(error.cause, down.cause);
});

test('a batch that never had its turn was not written: 504', () => {
  const error = failureOf(deliveryWith({}), null, Date.now());

  assert.equal(error.status, 504);
  assert.match(error.message, NOT_WRITTEN);
});

test('a batch whose leaders refused it until the deadline was not written, and the error is the refusal', () => {
  const error = failureOf(deliveryWith({ cause: kafkaError(19) }), null, Date.now());

  assert.equal(error.status, 503);
  assert.match(error.message, NOT_WRITTEN);
});

test('what ended the whole request is told with what became of these records', () => {
  const broken = new GatewayError('KafkaAuthentication', 'Credentials are refused.', { headers: { a: 'b' }, cause: 'why' });

  const sure = failureOf(deliveryWith({}), broken, Date.now());
  const unsure = failureOf(deliveryWith({ maybeWritten: true }), broken, Date.now());

  for (const error of [sure, unsure]) {
    assert.equal(error.name, 'KafkaAuthentication');
    assert.match(error.message, /^Credentials are refused\. The records/);
    assert.deepEqual([error.headers, error.cause], [{ a: 'b' }, 'why']);
  }
  assert.match(sure.message, NOT_WRITTEN);
  assert.match(unsure.message, PERHAPS);
});

test('a batch that Kafka refused for good has the error of the refusal, and is in the log only where a copy was unsure', () => {
  const sure = failureOf(refusedWith(10, false), null, Date.now());
  const unsure = failureOf(refusedWith(59, true), null, Date.now());

  assert.equal(sure.status, 413);
  assert.doesNotMatch(sure.message, /may have been written/);
  assert.equal(unsure.status, 500);
  assert.match(unsure.message, PERHAPS);
});

test("the batch's own refusal is told rather than what ended the request", () => {
  assert.equal(failureOf(refusedWith(29, false), down, Date.now()).status, 403);
});

test('every error of 500 and above says what became of the records', () => {
  for (let code = -1; code < 131; code++) {
    for (const maybeWritten of [true, false]) {
      const error = failureOf(refusedWith(code, maybeWritten), null, Date.now());

      if (error.status < 500 && !maybeWritten) continue;
      assert.match(error.message, maybeWritten ? PERHAPS : NOT_WRITTEN, `error ${code}`);
    }
  }
});

test("records that went nowhere: a fault that is not the client's says that nothing was written", () => {
  const forbidden = kafkaError(29);

  assert.match(notWritten(down).message, NOT_WRITTEN);
  assert.equal(notWritten(forbidden), forbidden);
});
