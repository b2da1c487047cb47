import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { joinRanges, openReceipt, type Receipt, type ReceiptScope, receiptSealer, sealReceipt } from '../../../lib/queues/receipt.ts';

const scope: ReceiptScope = { keys: ['new', 'old'], cluster: 'c', group: 'g', owner: 'alice' };
const range = {
  topic: 'orders',
  topicId: '0123456789abcdef0123456789abcdef',
  partition: 7,
  first: 2 ** 40,
  last: 2 ** 40 + 9,
  deliveries: 2,
};
const receipt: Receipt = {
  member: 'AAECAwQFBgcICQoLDA0ODw',
  isAll: true,
  until: 1_795_919_700_000,
  sessions: [
    { broker: 1, epoch: 3, ranges: [range, { ...range, topic: 'o2', topicId: 'f'.repeat(32), partition: 0 }] },
    { broker: 2, epoch: 1, ranges: [{ ...range, partition: 8 }] },
  ],
};

suite('a receipt', () => {
  test('is read as it was written', () => {
    assert.deepEqual(openReceipt(sealReceipt(receipt, scope), scope), receipt);
  });

  test('of a single record is the same as if it were written alone', () => {
    const session = { broker: 1, epoch: 3, ranges: [range] };
    const seal = receiptSealer({ ...receipt, isAll: false, sessions: [session] }, scope);

    for (const offsets of [
      { first: 0, last: 0, deliveries: 1 },
      { first: 2 ** 41, last: 2 ** 41 + 70_000, deliveries: 300 },
    ]) {
      const alone = { ...receipt, isAll: false, sessions: [{ ...session, ranges: [{ ...range, ...offsets }] }] };
      assert.equal(seal(offsets), sealReceipt(alone, scope));
    }
  });

  test('that an old key has sealed opens while keys are changed, and not after that', () => {
    const old = sealReceipt(receipt, { ...scope, keys: ['old'] });

    assert.deepEqual(openReceipt(old, scope), receipt);
    assert.equal(openReceipt(old, { ...scope, keys: ['new'] }), null);
  });

  test('is none of another cluster, group or owner', () => {
    const sealed = sealReceipt(receipt, scope);

    for (const other of [{ cluster: 'd' }, { group: 'h' }, { owner: 'bob' }, { owner: ['basic', 'alice'] }]) {
      assert.equal(openReceipt(sealed, { ...scope, ...other }), null);
    }
  });

  test('is none with any of its bits changed', () => {
    const bytes = Buffer.from(sealReceipt(receipt, scope), 'base64url');

    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] ^= 1;
      assert.equal(openReceipt(changed.toString('base64url'), scope), null);
    }
  });
});

test('ranges that stand one after the other become one, where they were delivered equally often', () => {
  const at = (first: number, last: number, deliveries = 1) => ({ ...range, first, last, deliveries });

  assert.deepEqual(joinRanges([at(0, 0), at(1, 3), at(5, 5), at(6, 6, 2)]), [at(0, 3), at(5, 5), at(6, 6, 2)]);
});
