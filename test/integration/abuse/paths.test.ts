import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { writeCaller } from '../../../lib/access/caller.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { post } from '../../harness/http/requests.ts';
import { readTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

configure(sharedKafka());

let topic: string;

before(async () => {
  topic = await createTopic();
});

const noName = { status: 400, code: 40002, message: /is not a topic name/ };
const nothing = { status: 404, code: 404, message: /^There is nothing at/ };
const noUtf8 = { status: 400, code: 400, message: /percent escape that is not UTF-8/ };
const noTopic = { status: 404, code: 40401, message: /^There is no topic/ };

/** What may stand where a topic should. */
const segments: [string, typeof noName][] = [
  ['..', noName],
  ['.', noName],
  ['%2e%2e', noName],
  ['%2F', noName],
  ['..%2F..%2Fetc%2Fpasswd', noName],
  ['a%2F..%2Fb', noName],
  ['..%5C..%5C', noName],
  ['%00', noName],
  ['a%00.txt', noName],
  ['%0d%0aa:b', noName],
  ['%252e%252e', noName],
  ['%ef%bc%8e%ef%bc%8e', noName],
  ['n'.repeat(250), noName],
  ['x'.repeat(8000), noName],
  ['%', noUtf8],
  ['%c0%ae%c0%ae', noUtf8],
  ['%ed%a0%80', noUtf8],
  ['', nothing],
  ['/', nothing],
  ['a/../b', nothing],
  ['n'.repeat(249), noTopic],
  ['__proto__', noTopic],
  ['constructor', noTopic],
  ['...', noTopic],
];

for (const [method, suffix] of [
  ['GET', '/offsets'],
  ['GET', '/partitions/0/records'],
  ['POST', '/partitions/0'],
] as const) {
  suite(`${method} /topics/…${suffix}`, () => {
    for (const [segment, refusal] of segments) {
      test(`with ${segment.slice(0, 30)} of ${segment.length} in the place of a topic`, async () => {
        const path = `/topics/${segment}${suffix}`;

        const answer = await (method === 'GET'
          ? call(method, path, { query: { offset: 0 } })
          : post(path, 'text', { records: [{ value: 'a' }] }));

        assertRefused(answer, refusal);
      });
    }
  });
}

test('a topic is the same however it is escaped, for its grants too', async () => {
  const escaped = [...topic].map((character) => `%${character.charCodeAt(0).toString(16)}`).join('');
  const callerOf = (granted: string) => ({
    lambda: writeCaller({ principal: 'a', grants: [{ principal: '*', operations: ['produce'], topics: [granted] }], expiresAt: null }),
  });
  const produce = (path: string, granted: string) => post(path, 'text', { records: [{ value: 'a' }] }, { authorizer: callerOf(granted) });

  assert.equal((await produce(`/topics/${escaped}`, topic)).status, 200);
  for (const path of [`/topics/${topic}`, `/topics/${escaped}`, `/topics/other/../${topic}`, `/topics/other%2F..%2F${topic}`]) {
    assert.notEqual((await produce(path, 'other*')).status, 200);
  }
  assert.equal((await readTopic(topic)).length, 1);
});

for (const partition of ['-1', '+1', '1e0', '0x0', '2147483648', '99999999999999999999', '%2e', '٠', '0%00', ' 0']) {
  test(`there is no partition ${partition}`, async () => {
    const answer = await call('GET', `/topics/${topic}/partitions/${encodeURI(decodeURIComponent(partition))}/offsets`);

    assertRefused(answer, { status: 404, code: 40402, message: /^There is no partition/ });
  });
}
