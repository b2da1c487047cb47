import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ErrorName, errors, GatewayError } from '../../lib/errors.ts';

const names = Object.keys(errors).filter((name): name is ErrorName => name in errors);

/** The contract with clients: codes are those of the Kafka REST API v2 and v3 where they have one. */
const contract: Record<ErrorName, [status: number, code: number]> = {
  BadRequest: [400, 400],
  InvalidArgument: [400, 40002],
  Unauthorized: [401, 40101],
  Forbidden: [403, 40301],
  RouteNotFound: [404, 404],
  TopicNotFound: [404, 40401],
  PartitionNotFound: [404, 40402],
  ConsumerNotFound: [404, 40403],
  GroupNotFound: [404, 40405],
  SubscriptionNotFound: [404, 40408],
  MethodNotAllowed: [405, 405],
  NotAcceptable: [406, 406],
  SchemaNotAvailable: [408, 40801],
  ConsumerExists: [409, 40902],
  IllegalState: [409, 40903],
  TopicExists: [409, 40904],
  IdempotencyKeyInUse: [409, 40905],
  OutcomeUnknown: [409, 40906],
  Conflict: [409, 40908],
  NoLongerHeld: [409, 40907],
  TooLarge: [413, 413],
  UnsupportedMediaType: [415, 415],
  InvalidRecord: [422, 422],
  KeySchemaMissing: [422, 42201],
  ValueSchemaMissing: [422, 42202],
  InvalidSchema: [422, 42205],
  InvalidPayload: [422, 42206],
  SchemaUnusable: [422, 42207],
  InvalidBatch: [422, 42208],
  IdempotencyKeyReused: [422, 42209],
  LimitExceeded: [429, 429],
  QuotaExceeded: [429, 42901],
  InternalError: [500, 500],
  KafkaRefused: [500, 50002],
  NotSupported: [501, 50101],
  KafkaAuthentication: [502, 50201],
  EndpointFailed: [502, 50203],
  RegistryAuthentication: [502, 50202],
  KafkaUnavailable: [503, 50003],
  CredentialsUnavailable: [503, 50302],
  StorageUnavailable: [503, 50303],
  LimitsUnavailable: [503, 50304],
  RegistryUnavailable: [503, 50305],
  DeadlineExceeded: [504, 50401],
};

test('every error has the status and the code that clients know it by', () => {
  for (const name of names) {
    const { status, code } = new GatewayError(name, 'message');

    assert.deepEqual([status, code], contract[name], name);
  }
});

test('codes tell errors apart', () => {
  const codes = names.map((name) => new GatewayError(name, 'message').code);

  assert.equal(new Set(codes).size, codes.length);
});

test('what may be tried again are limits and quotas, and what is under way, unavailable or late', () => {
  const retriable = names.filter((name) => new GatewayError(name, 'message').retriable);

  assert.deepEqual(
    retriable.map((name) => errors[name].status),
    [409, 429, 429, 503, 503, 503, 503, 503, 504],
  );
});

test('an error carries its name, its message, its headers and its cause', () => {
  const cause = new Error('below');

  const error = new GatewayError('MethodNotAllowed', 'Use GET', { cause, headers: { Allow: 'GET' } });

  assert.ok(error instanceof Error);
  assert.deepEqual([error.name, error.message, error.status, error.code], ['MethodNotAllowed', 'Use GET', 405, 405]);
  assert.deepEqual(error.headers, { Allow: 'GET' });
  assert.equal(error.cause, cause);
});

test('a fault has a stack; what a client has wrong has none, as a request may have it for each of its records', () => {
  const { stackTraceLimit } = Error;

  assert.match(String(new GatewayError('InternalError', 'no').stack), /errors\.test/);
  assert.doesNotMatch(String(new GatewayError('BadRequest', 'no').stack), /errors\.test/);
  assert.equal(Error.stackTraceLimit, stackTraceLimit);
});

test('an error without a cause has none, and no headers', () => {
  const error = new GatewayError('BadRequest', 'no');

  assert.equal('cause' in error, false);
  assert.deepEqual(error.headers, {});
});

test('an error may have a status and a code that are configured', () => {
  const error = new GatewayError('LimitExceeded', 'message', { as: { status: 503, code: 42_999 } });

  assert.deepEqual([error.status, error.code, error.retriable], [503, 42_999, true]);
});
