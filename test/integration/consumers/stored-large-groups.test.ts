import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SESSION_MS } from '../../../lib/consumers/stored-group.ts';
import { type FakeDynamoDb, startFakeDynamoDb } from '../../harness/aws/fake-dynamodb.ts';
import { costOfPolls, thousandMembers } from '../../harness/consumers/cost-of-polls.ts';
import { changeItem } from '../../harness/consumers/stored-groups.ts';
import { configure } from '../../harness/http/gateway.ts';
import { type ProxiedKafka, startProxiedKafka } from '../../harness/proxy/proxied-kafka.ts';

const MOST_BYTES = 390_000;

let dynamodb: FakeDynamoDb;
let kafka: ProxiedKafka;

before(async () => {
  [dynamodb, kafka] = await Promise.all([startFakeDynamoDb(), startProxiedKafka()]);
  configure(kafka.bootstrapServers, { GATEWAY_CONSUMERS: 'dynamodb', ...dynamodb.environment });
});
after(() => Promise.all([dynamodb?.stop(), kafka?.stop()]));

test('in a group of a thousand members in DynamoDB a poll is one read and one write of an item that fits', async (t) => {
  const alone = await costOfPolls(t, kafka, async () => {});

  const among = await costOfPolls(t, kafka, async (group, topic) => {
    await changeItem(dynamodb, kafka.direct, group, ({ members }) => {
      const until = Date.now() + SESSION_MS;
      for (const [i, id] of thousandMembers().entries()) {
        members.set(`m${i}`, { id, topics: [topic], pattern: '', matched: [], until, owned: [], term: null, write: '' });
      }
    });
    dynamodb.table.calls = [];
  });

  const texts = [...dynamodb.table.items.values()].map(({ state }) => state?.S?.length ?? 0);
  assert.deepEqual(among, alone);
  assert.deepEqual(dynamodb.table.calls.slice(-4), ['getItem', 'putItem', 'getItem', 'putItem']);
  assert.ok(Math.max(...texts) > 100_000 && Math.max(...texts) < MOST_BYTES, `${texts} bytes`);
});
