import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { suite, test } from 'node:test';
import { StoredGroup } from '../../../lib/consumers/stored-group.ts';
import { unpack } from '../../../lib/idempotency/packed-answer.ts';
import { readerOf, readMemberId } from '../../../lib/kafka/groups/membership/member-id.ts';
import { readRow } from '../../../lib/kafka/groups/membership/row.ts';
import { shadowIn } from '../../../lib/kafka/groups/membership/shadow.ts';
import { whole } from '../../../lib/kafka/record.ts';
import { readEntry } from '../../../lib/push/delivery/parked-entry.ts';
import { readNotes } from '../../../lib/push/subscription/notes.ts';
import { openReceipt } from '../../../lib/queues/receipt.ts';
import { readCursor } from '../../../lib/records/responses/cursor.ts';

// The texts here were written by version 0.1.0. While requests move to a new version, and after a rollback, each version reads what the
// other has written: a test that fails here is a release that cannot be rolled out under load. docs/contributing/releasing.md goes on.

const MEMBER =
  'one~eyJmIjoianNvbiIsInIiOiJlYXJsaWVzdCIsImEiOnRydWUsImIiOjEsInQiOm51bGwsInUiOmZhbHNlLCJjIjoxNzk1OTgzNTM2ODA3LCJuIjoianhoekRfQWJJQXRUIn0';
const READER = 'e38EPiwecKC3LS0H';
const ROW = {
  topic: 'orders',
  partition: 0,
  committed: 3,
  metadata: 'mine',
  reader: READER,
  position: 9,
  replay: { poll: 'abc', from: 5 },
  term: null,
};
const GROUP = JSON.stringify({
  m: { one: { i: MEMBER, t: ['orders'], p: '', m: [], u: 1767225645000, o: { orders: [0] } } },
  r: { orders: { 0: [3, READER, 9, 2, 'abc', 5, 'mine'] } },
  t: { orders: 2 },
  a: 1767225600000,
});
const RECEIPT = 'AQEAAAAAAAAAAAAAAAAAAAAAAZt22qgAAAEBI0VniavN7wEjRWeJq83vBm9yZGVycwAAAAEAAgABAAAAAAADAAAAAAAAAAQAAAACAf0B_uufJPYE_-50Yw';
const SCOPE = { keys: ['key'], cluster: 'cluster', group: 'queue', owner: 'alice' };
const ENTRY = {
  ...{ topic: 'orders', partition: 0, offset: 7, timestamp: '1767225600000', lane: 'k', attempts: 2, due: 1767225660000, status: 503 },
  ...{ dead: null, key: 'aw==', isTombstone: false },
};
/** What a later version may add. */
const MORE = { later: [1] };

const entryOf = (meta: object) =>
  readEntry({
    ...{ offset: 0, timestamp: 0, key: whole(Buffer.from('orders-0-7-1767225600000')), value: whole(Buffer.from('v')) },
    headers: [{ key: 'push.entry', value: Buffer.from(JSON.stringify(meta)) }],
  });

suite('what version 0.1.0 has written is read', () => {
  test('of a queue: the receipt that settles what it gave', () => {
    const receipt = openReceipt(RECEIPT, SCOPE);

    const range = { topic: 'orders', topicId: '0123456789abcdef0123456789abcdef', partition: 3, first: 4, last: 6, deliveries: 1 };
    const sessions = [{ broker: 1, epoch: 2, ranges: [range] }];
    assert.deepEqual(receipt, { member: 'AAAAAAAAAAAAAAAAAAAAAA', isAll: true, until: 1767225600000, sessions });
  });

  test('of pages: the cursor', () => {
    const positions = readCursor('aHR0ajNsfm9yZGVyc0AwIzUsMSM3');

    assert.deepEqual(positions, [
      { topic: 'orders', partition: 0, offset: 5 },
      { topic: 'orders', partition: 1, offset: 7 },
    ]);
  });

  test('of pages: the cursor with the ids of its topics', () => {
    const positions = readCursor('N2kydGQ4fngzRnF-b3JkZXJzQDAjNQ');

    assert.deepEqual(positions, [{ topic: 'orders', partition: 0, offset: 5, incarnation: 'x3Fq' }]);
  });

  test('of a consumer: its id with its options, which its positions name by a hash', () => {
    assert.deepEqual(readMemberId('one', MEMBER), {
      options: { format: 'json', offsetReset: 'earliest', autoCommit: true, minBytes: 1, timeoutMs: null, isolation: 'read_committed' },
      createdAt: 1795983536807,
    });
    assert.equal(readerOf(MEMBER), READER);
  });

  test('of a consumer: its position and its last poll, in the metadata of an offset', () => {
    const metadata = `{"m":"${READER}","p":9,"u":"mine","q":5,"n":"abc","a":1}`;

    assert.deepEqual(readRow({ topic: 'orders', partition: 0, offset: 3, metadata }), { ...ROW, byHand: true });
  });

  test('of a consumer: what it comes back by', () => {
    const chunk = Buffer.from(JSON.stringify({ i: MEMBER, t: ['orders'], p: '' })).toString('base64url');

    const shadow = shadowIn([{ topic: 'orders', partition: 0, offset: 1, metadata: `0/1:${chunk}` }]);

    assert.deepEqual(shadow, { memberId: MEMBER, topics: ['orders'], pattern: '', since: 0 });
  });

  test('of a group in the table: all of it, and it is written again as it was', () => {
    const group = new StoredGroup(GROUP);

    assert.deepEqual(group.of({ topic: 'orders', partition: 0 }), { ...ROW, byHand: false, isMirrored: false, stale: -1 });
    assert.equal(group.toText(), GROUP);
  });

  test('of a request with a key: the answer', async () => {
    const packed = 'H4sIAAAAAAAAA4s2MjDQUUosKMjJTE4syczP088qzs9TiuWqVspPSytOLSlWsoqOrQUADJ3i0ScAAAA=';

    const answer = await unpack(Buffer.from(packed, 'base64'));

    assert.deepEqual(answer, { status: 200, mediaType: 'application/json', body: '{"offsets":[]}' });
  });

  test('of a subscription: a record that is to be tried again', () => {
    const { id, entry } = entryOf(ENTRY) ?? {};

    assert.equal(id, 'orders-0-7-1767225600000');
    assert.deepEqual([entry?.attempts, entry?.due, entry?.lane, entry?.placed.offset], [2, 1767225660000, 'k', 7]);
  });
});

suite('what a later version may add is no hindrance', () => {
  test('to the id of a consumer, its position, and what it comes back by', () => {
    const id = `one~${Buffer.from(JSON.stringify({ f: 'json', r: 'none', a: false, b: 1, t: 5, u: true, c: 1, n: 'x', ...MORE })).toString('base64url')}`;
    const metadata = JSON.stringify({ m: READER, p: 9, ...MORE });
    const chunk = Buffer.from(JSON.stringify({ i: MEMBER, t: ['orders'], p: '', ...MORE })).toString('base64url');

    assert.equal(readMemberId('one', id)?.options.isolation, 'read_uncommitted');
    assert.equal(readRow({ topic: 'orders', partition: 0, offset: 3, metadata }).position, 9);
    assert.equal(shadowIn([{ topic: 'orders', partition: 0, offset: 1, metadata: `0/1:${chunk}` }])?.memberId, MEMBER);
  });

  test('to a group in the table, its members and its rows', () => {
    const { m, r, ...rest } = JSON.parse(GROUP);
    const later = { m: { one: { ...m.one, ...MORE } }, r: { orders: { 0: [...r.orders[0], 'later'] } }, ...rest, ...MORE };

    assert.equal(new StoredGroup(JSON.stringify(later)).toText(), GROUP);
  });

  test('to what is kept of a subscription', () => {
    assert.equal(entryOf({ ...ENTRY, ...MORE })?.entry?.attempts, 2);
    assert.equal(readNotes(JSON.stringify({ delivered: 3, ...MORE })).delivered, 3);
  });

  test('to receipts, of which a form with another mark is refused as what is not held any more', () => {
    const opened = [1, 2].map((mark) =>
      openReceipt(sealed(Buffer.from([mark, ...Buffer.from(RECEIPT, 'base64url').subarray(1, -12)])), SCOPE),
    );

    assert.deepEqual(
      opened.map((receipt) => receipt?.isAll ?? null),
      [true, null],
    );
  });
});

/** A receipt as the gateway seals it. */
function sealed(body: Buffer): string {
  const { keys, cluster, group, owner } = SCOPE;
  const key = createHmac('sha256', `receipts of queues\0${keys[0]}`)
    .update(JSON.stringify([cluster, group, owner]))
    .digest();
  return Buffer.concat([body, createHmac('sha256', key).update(body).digest().subarray(0, 12)]).toString('base64url');
}
