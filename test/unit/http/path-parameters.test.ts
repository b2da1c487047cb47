import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { brokerNumber, groupName, partitionNumber } from '../../../lib/http/path-parameters.ts';

test('partitions are the non-negative 32-bit integers', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (partition) => partitionNumber(String(partition)) === partition));
  fc.assert(
    fc.property(
      fc.oneof(fc.integer({ max: -1 }), fc.integer({ min: 2 ** 31, max: 2 ** 53 - 1 }), fc.double({ noInteger: true })),
      (number) => {
        assert.throws(() => partitionNumber(String(number)), { name: 'PartitionNotFound', status: 404, code: 40402 });
      },
    ),
  );
});

for (const text of ['', 'abc', '1e3', '0x1', ' 1', '1 ', '+1', '１', '99999999999999999999', '1\n']) {
  test(`${JSON.stringify(text)} is no partition`, () => {
    assert.throws(() => partitionNumber(text), { name: 'PartitionNotFound' });
  });
}

test('brokers have ids as partitions have numbers', () => {
  assert.equal(brokerNumber('2147483647'), 2 ** 31 - 1);
  for (const text of ['-1', 'one', '', '2147483648', '1.5']) {
    assert.throws(() => brokerNumber(text), { name: 'RouteNotFound', message: /^There is no broker / });
  }
});

for (const name of ['a', 'a b', 'a/b', 'ü', '%41', '.', '..', '\n', 'x'.repeat(32_767)]) {
  test(`${JSON.stringify(name.slice(0, 20))} may be the name of a group`, () => {
    assert.equal(groupName(name), name);
  });
}

test('a name of a group that the protocol cannot carry is refused', () => {
  assert.throws(() => groupName('ü'.repeat(16_384)), { name: 'InvalidArgument', message: /more than 32767 bytes/ });
});
