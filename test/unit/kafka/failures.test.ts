import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../../lib/errors.ts';
import { kafkaError } from '../../../lib/kafka/error-codes.ts';
import {
  atDeadline,
  connectionError,
  failureOfOpen,
  isCredentialRefusal,
  isFinal,
  isHangUp,
  isUserRefusal,
} from '../../../lib/kafka/failures.ts';
import { SaslRefusal } from '../../../lib/kafka/sasl-refusal.ts';
import { topicNotFound } from '../../../lib/messages/topics.ts';

test('only what is unavailable is worth another try within a request', () => {
  assert.equal(isFinal(kafkaError(6)), false);
  for (const error of [kafkaError(29), kafkaError(3), kafkaError(89), topicNotFound('orders'), new GatewayError('DeadlineExceeded', '')]) {
    assert.equal(isFinal(error), true, error.name);
  }
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
  'UNSPECIFIED',
  'ERROR_IN_CERT_NOT_AFTER_FIELD',
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

test('a handshake whose bytes were damaged on their way is worth another try', () => {
  for (const code of ['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', 'ERR_SSL_SSL/TLS_ALERT_BAD_RECORD_MAC']) {
    assert.equal(connectionError(failure('damaged', { name: 'KafkaJSConnectionError', code })).status, 503, code);
  }
});

test('the same of TLS on an open connection is one that broke: worth another try', () => {
  for (const code of tlsRefusals) {
    const cause = failure(`Connection error: ${code} at ${ADDRESS}`, { name: 'KafkaJSConnectionError', code });

    const error = connectionError(failureOfOpen(cause));

    assert.deepEqual([error.name, error.status, isFinal(error)], ['KafkaUnavailable', 503, false], code);
    assert.ok(error.cause instanceof Error && error.cause.cause === cause);
  }
  const silence = failure('no answer', { name: 'AnswerTimeout' });
  assert.equal(failureOfOpen(silence), silence);
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
    failure('Request Metadata timed out', { name: 'AnswerTimeout' }),
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
    assert.ok(!atDeadline(error, Date.now()).message.includes('internal.example'));
  }
});

test('at the deadline: 503 where Kafka was down or said no, 504 where it said nothing', () => {
  const down = connectionError(failure('refused', { name: 'KafkaJSConnectionError', code: 'ECONNREFUSED' }));
  const no = kafkaError(6);
  const noAnswer = connectionError(failure('timed out', { name: 'AnswerTimeout' }));
  const noConnection = connectionError(failure('Connection timeout', { name: 'KafkaJSConnectionError', code: undefined }));

  assert.equal(atDeadline(down, Date.now()), down);
  assert.equal(atDeadline(no, Date.now()), no);
  for (const silence of [null, noAnswer, noConnection]) {
    const error = atDeadline(silence, Date.now());
    assert.deepEqual([error.name, error.status, error.retriable], ['DeadlineExceeded', 504, true]);
    assert.equal(error.cause, silence?.cause);
  }
});

test('long after the deadline, it was this process that stood still, not Kafka that was silent', () => {
  const noAnswer = connectionError(failure('timed out', { name: 'AnswerTimeout' }));
  const no = kafkaError(6);

  for (const silence of [null, noAnswer]) {
    const error = atDeadline(silence, Date.now() - 5000);
    assert.deepEqual([error.name, error.status, error.retriable], ['DeadlineExceeded', 504, true]);
    assert.equal(error.message, 'The gateway stood still until the time for this request had run out: try again');
    assert.equal(error.cause, silence?.cause);
  }
  assert.equal(atDeadline(no, Date.now() - 5000), no);
});
