import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ConsumerOptions } from '../../../../../lib/kafka/groups/membership/coordinator.ts';
import {
  encodeName,
  isConsumerName,
  memberPrefix,
  newMemberId,
  readerOf,
  readMemberId,
} from '../../../../../lib/kafka/groups/membership/member-id.ts';
import { record } from '../../protocol/record.ts';

const names = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter(isConsumerName);
const options = record<ConsumerOptions>({
  format: fc.constantFrom('binary', 'protobuf'),
  offsetReset: fc.constantFrom('earliest', 'latest', 'none'),
  autoCommit: fc.boolean(),
  minBytes: fc.nat(),
  timeoutMs: fc.option(fc.nat()),
  isolation: fc.constantFrom('read_committed', 'read_uncommitted'),
});
const some: ConsumerOptions = {
  ...{ format: 'text', offsetReset: 'latest', autoCommit: true, minBytes: 1, timeoutMs: null, isolation: 'read_committed' },
};

test('the options of a consumer, and when it was created, are read from its member id, by its name alone', () => {
  fc.assert(
    fc.property(names, names, options, fc.maxSafeNat(), (name, other, given, createdAt) => {
      const memberId = newMemberId(name, given, createdAt);

      assert.deepEqual(readMemberId(name, memberId), { options: given, createdAt });
      assert.equal(readMemberId(other, memberId) === null, other !== name);
    }),
  );
});

test('a consumer that is created again is another one', () => {
  const [one, other] = [newMemberId('a', some, 1), newMemberId('a', some, 1)];

  assert.notEqual(one, other);
  assert.notEqual(readerOf(one), readerOf(other));
  assert.match(readerOf(one), /^[\w-]{16}$/);
});

test('a name is written without what ends it, and without dots', () => {
  assert.equal(encodeName('a.b~c/d'), 'a%2Eb%7Ec%2Fd');
});

test('an id that others have chosen says nothing, whatever it holds', () => {
  const encoded = (json: unknown) => `${memberPrefix('a')}${Buffer.from(JSON.stringify(json)).toString('base64url')}`;
  const whole = { f: 'text', r: 'latest', a: true, b: 1, t: null, u: false, c: 1, n: '' };
  const ids = [
    '',
    'a',
    'a~',
    'a~!!',
    'a~e30',
    encoded(null),
    encoded([]),
    ...Object.entries({ f: 1, r: 'x', b: -1, t: 'x', c: 0.5 }).map(([member, value]) => encoded({ ...whole, [member]: value })),
  ];

  assert.notEqual(readMemberId('a', encoded(whole)), null);
  for (const id of ids) assert.equal(readMemberId('a', id), null, id);
  fc.assert(fc.property(fc.string(), (text) => assert.doesNotThrow(() => readMemberId('a', `${memberPrefix('a')}${text}`))));
});
