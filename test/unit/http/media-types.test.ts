import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GatewayError } from '../../../lib/errors.ts';
import { asV2, essence, genericTypes, mediaTypes, negotiate, prefer } from '../../../lib/http/media-types.ts';

const { generic, plainJson, binary, json, text } = mediaTypes;
const records = [binary, json, text, generic] as const;

test('without Accept the first type offered is chosen', () => {
  assert.equal(negotiate(undefined, records), binary);
  assert.equal(negotiate('', records), binary);
  assert.equal(negotiate(undefined, genericTypes), generic);
});

for (const [accept, chosen] of [
  ['*/*', binary],
  ['application/*', binary],
  ['*; q=.2, */*; q=.2', binary],
  [json, json],
  [generic, generic],
  ['APPLICATION/vnd.Kafka.JSON.v2+JSON', json],
  [`${json}; charset=utf-8`, json],
  [`${json};q=0.5, ${text};q=0.8`, text],
  [`${json} ; Q = 1.0 , ${text};q=0.999`, json],
  [`${json}, */*`, json],
  [`*/*, ${text}`, text],
  ['text/html, */*;q=0.1', binary],
  [`${binary};q=0, */*`, json],
  [`${binary};q=0, ${json};q=0.0, application/*`, text],
  ['application/*;q=0.2, */*', binary],
  [`${text}, ${json}`, json],
  [`${json};q=0, ${json}`, json],
  [`${json}, ${json};q=0`, json],
  ['text/html, *;q=0.1', binary],
  [`${json};v=1;q=0.3, ${text};q=0.5`, text],
  ['application/vnd.kafka.json.v1+json', json],
  ['application/vnd.kafka.binary.v1+json', binary],
  ['application/vnd.kafka.v1+json', generic],
  ['application/vnd.kafka+json', generic],
  ['application/json, application/vnd.kafka.json.v2+json;q=0.5', json],
  [`text/html;level=1;q=0.4;x=y, ${text};v=1;q=0.3;ext`, text],
  [`,, ;, ${text},`, text],
]) {
  test(`Accept: ${accept} is given ${chosen}`, () => {
    assert.equal(negotiate(accept, records), chosen);
  });
}

test('clients of the Kafka REST API and plain JSON clients get what they name', () => {
  assert.equal(negotiate('application/vnd.kafka.v2+json, application/vnd.kafka+json, application/json', genericTypes), generic);
  assert.equal(negotiate('application/json', genericTypes), plainJson);
  assert.equal(negotiate('application/json, text/plain, */*', genericTypes), plainJson);
});

for (const accept of [
  'text/plain',
  'text/*',
  `${binary};q=0`,
  '*/*;q=0',
  'application/json',
  'application/vnd.kafka.binary.v3+json',
  '__proto__/constructor',
]) {
  test(`Accept: ${accept} is refused`, () => {
    assert.throws(() => negotiate(accept, records), {
      name: 'NotAcceptable',
      status: 406,
      code: 406,
      message: `None of the media types in Accept is available. Available: ${records.join(', ')}`,
    });
    assert.equal(prefer(accept, records), null);
  });
}

for (const accept of [
  'json',
  ';',
  'q=1',
  '/',
  'a/b/c',
  '*/json;;;=',
  `${text};q=high`,
  `${text};q=2`,
  `${text};q=-1`,
  `${text};q=`,
  `${text};q`,
  'a b/c',
  '\0',
]) {
  test(`Accept: ${JSON.stringify(accept)} is malformed and as good as absent`, () => {
    assert.equal(negotiate(accept, records), binary);
  });
}

test('a malformed item does not spoil the others', () => {
  assert.equal(negotiate(`${binary};q=x, json, ${text};q=0.1`, records), text);
});

test('an Accept of ten thousand characters is read', () => {
  assert.equal(negotiate(`${'x/y;q=0.5,'.repeat(1000)}${text}`, records), text);
  assert.equal(negotiate(','.repeat(10_000), records), binary);
  assert.equal(prefer('application/vnd.kafka'.padEnd(10_000, '.a'), records), null);
});

test('v1 types and those without a version are aliases of v2', () => {
  assert.equal(asV2('application/vnd.kafka.binary.v1+json'), binary);
  assert.equal(asV2('application/vnd.kafka.json+json'), json);
  assert.equal(asV2('application/vnd.kafka.v1+json'), generic);
  for (const other of [generic, binary, plainJson, 'application/vnd.kafka.binary.v3+json', 'text/plain', ''])
    assert.equal(asV2(other), other);
});

test('the essence of a media type is without parameters, space and capitals', () => {
  assert.equal(essence(' Application/JSON ; charset=utf-8;x="a;b"'), plainJson);
  assert.equal(essence(''), '');
});

test('the type of the highest quality is chosen, whatever the order of the items', () => {
  const thousandths = fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: records.length, maxLength: records.length });

  fc.assert(
    fc.property(thousandths, fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), (qualities, order) => {
      const accept = order.map((i) => `${records[i]};q=${qualities[i] / 1000}`).join(', ');

      assert.equal(negotiate(accept, records), records[qualities.indexOf(Math.max(...qualities))]);
    }),
  );
});

test('whatever the header, the outcome is a type offered or an error of ours', () => {
  const part = fc.oneof(fc.string(), fc.constantFrom('*/*', 'application/*', ';q=', ';q=0', '0.5', ',', json, '"'));
  const accept = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(part).map((parts) => parts.join('')),
  );

  fc.assert(
    fc.property(accept, (given) => {
      try {
        assert.ok(records.includes(negotiate(given, records)));
      } catch (error) {
        assert.ok(error instanceof GatewayError, String(error));
      }
    }),
  );
});

test('a quality of a million digits and a letter is none, and takes no longer than it is', () => {
  assert.equal(negotiate(`${json};q=${'1'.repeat(1_000_000)}x, ${text};q=0.1`, records), text);
});
