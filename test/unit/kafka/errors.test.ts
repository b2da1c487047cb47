import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../../lib/errors.ts';
import {
  atDeadline,
  connectionError,
  isCredentialRefusal,
  isFinal,
  isHangUp,
  isPassing,
  isUserRefusal,
  kafkaError,
  partitionNotFound,
  topicNotFound,
} from '../../../lib/kafka/errors.ts';
import { SaslRefusal } from '../../../lib/kafka/sasl-refusal.ts';

/** What a client sees of each of Kafka's error codes. */
const seen: Record<number, [status: number, code: number, retriable: boolean]> = {
  1: [400, 40002, false],
  2: [503, 50003, true],
  3: [404, 40401, false],
  5: [503, 50003, true],
  6: [503, 50003, true],
  7: [503, 50003, true],
  8: [503, 50003, true],
  9: [503, 50003, true],
  10: [413, 413, false],
  12: [400, 40002, false],
  13: [503, 50003, true],
  14: [503, 50003, true],
  15: [503, 50003, true],
  16: [503, 50003, true],
  17: [400, 40002, false],
  18: [413, 413, false],
  19: [503, 50003, true],
  20: [503, 50003, true],
  22: [409, 40903, false],
  24: [400, 40002, false],
  25: [409, 40903, false],
  27: [409, 40903, false],
  28: [400, 40002, false],
  29: [403, 40301, false],
  30: [403, 40301, false],
  31: [403, 40301, false],
  32: [400, 40002, false],
  36: [409, 40904, false],
  37: [400, 40002, false],
  38: [400, 40002, false],
  39: [400, 40002, false],
  40: [400, 40002, false],
  41: [503, 50003, true],
  42: [400, 40002, false],
  44: [400, 40002, false],
  56: [503, 50003, true],
  68: [409, 40903, false],
  69: [404, 40405, false],
  72: [503, 50003, true],
  74: [503, 50003, true],
  75: [503, 50003, true],
  76: [500, 50002, false],
  78: [503, 50003, true],
  86: [409, 40903, false],
  87: [422, 422, false],
  73: [400, 40002, false],
  89: [429, 42901, true],
  110: [409, 40903, false],
  113: [409, 40903, false],
};

test('each of the error codes of Kafka has its status and code, and tells whether to try again', () => {
  for (let code = -1; code <= 130; code++) {
    const error = kafkaError(code);

    const { status, code: errorCode, retriable } = error;
    assert.deepEqual([status, errorCode, retriable], seen[code] ?? [500, 50002, false], `error ${code}`);
    assert.ok(error.message.length > 10);
  }
});

test('the cause names the error as Kafka does, for the log', () => {
  assert.equal(String(kafkaError(19).cause), 'Error: Kafka answered NOT_ENOUGH_REPLICAS (19)');
  assert.match(String(kafkaError(119).cause), /119/);
});

test('a code without a name is told by its number', () => {
  assert.equal(kafkaError(119).message, 'Kafka refused the request (its error 119).');
});

test('a remark follows the message', () => {
  assert.equal(kafkaError(36, 'It has 3 partitions.').message, 'A topic of this name exists. It has 3 partitions.');
  assert.equal(kafkaError(36).message, 'A topic of this name exists.');
  assert.equal(kafkaError(36, '').message, 'A topic of this name exists.');
});

test('passing is what the same request may see mended within seconds', () => {
  const passing = Array.from({ length: 132 }, (_, i) => i - 1).filter(isPassing);

  assert.deepEqual(passing, [2, 5, 6, 7, 8, 9, 13, 14, 15, 16, 19, 20, 41, 56, 72, 74, 75, 78]);
});

test('only what is unavailable is worth another try within a request', () => {
  assert.equal(isFinal(kafkaError(6)), false);
  for (const error of [kafkaError(29), kafkaError(3), kafkaError(89), topicNotFound('orders'), new GatewayError('DeadlineExceeded', '')]) {
    assert.equal(isFinal(error), true, error.name);
  }
});

test('a topic and a partition that are not there have their own codes, and say what there is', () => {
  const topic = topicNotFound('orders');
  const partition = partitionNotFound('orders', 7, 3);

  assert.deepEqual([topic.status, topic.code], [404, 40401]);
  assert.deepEqual([partition.status, partition.code], [404, 40402]);
  assert.match(topic.message, /orders/);
  assert.match(partition.message, /orders.* 7.* 3/);
});

const failure = (message: string, properties: object = {}): Error => Object.assign(new Error(message), properties);
const ADDRESS = 'broker-1.internal.example:9094';

const refusedCredentials = [
  new SaslRefusal('denied'),
  failure('denied', { name: 'KafkaJSSASLAuthenticationError' }),
  failure('denied', { type: 'SASL_AUTHENTICATION_FAILED', code: 58 }),
  failure('denied', { type: 'UNSUPPORTED_SASL_MECHANISM', code: 33 }),
  failure('denied', { type: 'ILLEGAL_SASL_STATE', code: 34 }),
];

test('refused credentials are for the operator of the gateway: 502, not to be tried again', () => {
  for (const cause of refusedCredentials) {
    const error = connectionError(cause);

    assert.equal(isCredentialRefusal(cause), true);
    assert.deepEqual([error.name, error.status, error.code, error.retriable], ['KafkaAuthentication', 502, 50201, false]);
    assert.match(error.message, /credentials/);
    assert.equal(error.cause, cause);
  }
});

const tlsRefusals = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  'ERR_OSSL_PEM_NO_START_LINE',
  'EPROTO',
];

test('a TLS handshake that will never succeed is for the operator too', () => {
  for (const code of tlsRefusals) {
    const cause = failure(`Connection error: ${code} at ${ADDRESS}`, { name: 'KafkaJSConnectionError', code });

    const error = connectionError(cause);

    assert.equal(isCredentialRefusal(cause), false);
    assert.deepEqual([error.name, error.status], ['KafkaAuthentication', 502], code);
    assert.match(error.message, /TLS/);
    assert.equal(error.cause, cause);
  }
});

test('a user is refused by the answer of Kafka alone, not by what kafkajs or the listener makes of it', () => {
  const byType = (type: string) => Object.assign(new Error('no'), { name: 'KafkaJSProtocolError', type });

  assert.equal(isUserRefusal(byType('SASL_AUTHENTICATION_FAILED')), true);
  assert.equal(isUserRefusal(new SaslRefusal('invalid_token')), true);
  for (const other of [
    byType('UNSUPPORTED_SASL_MECHANISM'),
    byType('ILLEGAL_SASL_STATE'),
    failure('SASL PLAIN authentication failed: Closed connection', { name: 'KafkaJSSASLAuthenticationError' }),
    'no error at all',
  ]) {
    assert.equal(isUserRefusal(other), false);
  }
});

test('a hang-up is a connection closed without a word', () => {
  assert.equal(isHangUp(failure('Closed connection', { name: 'KafkaJSConnectionClosedError' })), true);
  assert.equal(isHangUp(failure('read ECONNRESET', { name: 'KafkaJSConnectionError', code: 'ECONNRESET' })), true);
  assert.equal(isHangUp(failure('connect ECONNREFUSED', { name: 'KafkaJSConnectionError', code: 'ECONNREFUSED' })), false);
  assert.equal(isHangUp('no error at all'), false);
});

test('everything else that fails on the way to Kafka may be tried again: 503', () => {
  const causes = [
    failure(`connect ECONNREFUSED ${ADDRESS}`, { name: 'KafkaJSConnectionError', code: 'ECONNREFUSED' }),
    failure(`getaddrinfo ENOTFOUND ${ADDRESS}`, { code: 'ENOTFOUND' }),
    failure('read ECONNRESET', { code: 'ECONNRESET' }),
    failure('Connection timeout', { name: 'KafkaJSConnectionError' }),
    failure('Request Metadata timed out', { name: 'KafkaJSRequestTimeoutError' }),
    failure('', { type: 'REQUEST_TIMED_OUT' }),
    'no error at all',
    undefined,
  ];

  for (const cause of causes) {
    const error = connectionError(cause);

    assert.deepEqual([error.name, error.status, error.retriable], ['KafkaUnavailable', 503, true], String(cause));
    assert.equal(error.cause, cause);
  }
});

test('an error of ours stays what it is', () => {
  const error = kafkaError(29);

  assert.equal(connectionError(error), error);
});

test('no message says where brokers are', () => {
  const causes = [
    failure(`connect ECONNREFUSED ${ADDRESS}`, { code: 'ECONNREFUSED' }),
    failure(`Hostname/IP does not match certificate's altnames: ${ADDRESS}`, { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }),
    failure(`Authentication failed at ${ADDRESS}`, { name: 'KafkaJSSASLAuthenticationError' }),
  ];

  for (const cause of causes) {
    const error = connectionError(cause);

    assert.ok(!error.message.includes('internal.example'), error.message);
    assert.ok(!atDeadline(error).message.includes('internal.example'));
  }
});

test('at the deadline: 503 where Kafka was down or said no, 504 where it said nothing', () => {
  const down = connectionError(failure('refused', { name: 'KafkaJSConnectionError', code: 'ECONNREFUSED' }));
  const no = kafkaError(6);
  const noAnswer = connectionError(failure('timed out', { name: 'KafkaJSRequestTimeoutError' }));
  const noConnection = connectionError(failure('Connection timeout', { name: 'KafkaJSConnectionError', code: undefined }));

  assert.equal(atDeadline(down), down);
  assert.equal(atDeadline(no), no);
  for (const silence of [null, noAnswer, noConnection]) {
    const error = atDeadline(silence);
    assert.deepEqual([error.name, error.status, error.retriable], ['DeadlineExceeded', 504, true]);
    assert.equal(error.cause, silence?.cause);
  }
});
