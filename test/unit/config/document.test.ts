import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readDocument } from '../../../lib/config/document.ts';

const deployed = { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:9092', GATEWAY_TABLE: 'table', GATEWAY_LIMITS: '[]' };
const grants = [{ principal: 'alice', operations: ['produce'], topics: ['orders'] }];
const read = (document: object) => readDocument(JSON.stringify(document), deployed);

test('values may be texts, numbers, booleans or JSON', () => {
  assert.deepEqual(read({ GATEWAY_GRANTS: grants, GATEWAY_MAX_BODY_BYTES: 1000, GATEWAY_TRACE_HEADERS: true, GATEWAY_ACKS: ' all ' }), {
    GATEWAY_GRANTS: JSON.stringify(grants),
    GATEWAY_MAX_BODY_BYTES: '1000',
    GATEWAY_TRACE_HEADERS: 'true',
    GATEWAY_ACKS: 'all',
  });
});

test('a document may be packed', () => {
  const packed = gzipSync(JSON.stringify({ GATEWAY_LOG_LEVEL: 'debug' })).toString('base64');

  assert.deepEqual(readDocument(packed, deployed), { GATEWAY_LOG_LEVEL: 'debug' });
});

test('whitespace and a byte order mark around a document say nothing', () => {
  const json = JSON.stringify({ GATEWAY_LOG_LEVEL: 'debug' });

  for (const text of [json, gzipSync(json).toString('base64')]) {
    assert.deepEqual(readDocument(`\ufeff ${text}\r\n`, deployed), { GATEWAY_LOG_LEVEL: 'debug' });
  }
});

test('one that unpacks to too much is refused', () => {
  const packed = gzipSync(Buffer.alloc(2 * 1024 * 1024)).toString('base64');

  assert.throws(() => readDocument(packed, deployed), /holds more than 1048576 bytes/);
});

suite('a document is refused', () => {
  for (const [what, document, problem] of [
    ['that is a list', [], /not a JSON object/],
    [
      'that lets in everyone, by what is deployed with the gateway',
      { GATEWAY_AUTH: 'none' },
      /GATEWAY_AUTH is not a variable that can change/,
    ],
    ['with a secret', { KAFKA_SASL_PASSWORD: 'x' }, /KAFKA_SASL_PASSWORD is not a variable that can change/],
    ['whose grants are empty', { GATEWAY_GRANTS: '' }, /GATEWAY_GRANTS is empty/],
    ['whose grants are null', { GATEWAY_GRANTS: null }, /GATEWAY_GRANTS is empty/],
    ['whose grants are wrong', { GATEWAY_GRANTS: [{ principal: 'a', operations: ['fly'] }] }, /GATEWAY_GRANTS: /],
    ['whose row filters are wrong', { GATEWAY_ROW_FILTERS: 'orders' }, /GATEWAY_ROW_FILTERS: filter 1 must be like/],
    ['whose row filters read no field', { GATEWAY_ROW_FILTERS: 'orders: value.a.#(b == {claim.b}' }, /is not closed/],
    ['whose limits are wrong', { GATEWAY_LIMITS: [{ kind: 'none' }] }, /GATEWAY_LIMITS\[0\]/],
    ['whose brokers have no port', { KAFKA_BOOTSTRAP_SERVERS: 'broker' }, /KAFKA_BOOTSTRAP_SERVERS must be host:port/],
    ['whose level there is not', { GATEWAY_LOG_LEVEL: 'chatty' }, /GATEWAY_LOG_LEVEL must be one of/],
  ] as const) {
    test(what, () => {
      assert.throws(() => read(document), problem);
    });
  }

  test('with all that is wrong, and no value of it', () => {
    assert.throws(
      () => read({ GATEWAY_LOG_LEVEL: 'chatty', GATEWAY_ACKS: 'some', GATEWAY_JWT_ISSUER: 'x' }),
      ({ message }: Error) => {
        assert.match(message, /GATEWAY_LOG_LEVEL.*GATEWAY_ACKS|GATEWAY_ACKS.*GATEWAY_LOG_LEVEL/);
        assert.match(message, /GATEWAY_JWT_ISSUER/);
        return !message.includes('chatty') && !message.includes('some"');
      },
    );
  });

  test('with limits for a deployment that has no table for them', () => {
    assert.throws(
      () => readDocument('{"GATEWAY_LIMITS":[]}', { ...deployed, GATEWAY_LIMITS: '' }),
      /needs a deployment with GATEWAY_LIMITS/,
    );
  });
});
