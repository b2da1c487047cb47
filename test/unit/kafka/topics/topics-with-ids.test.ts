import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Cluster } from '../../../../lib/kafka/cluster/cluster.ts';
import { eachTopicWithId } from '../../../../lib/kafka/topics/topics-with-ids.ts';
import { keys, metadataAnswer } from '../../../harness/fake-broker/broker-side.ts';
import { startBroker } from '../../../harness/fake-broker/fake-broker.ts';
import { topicOn } from '../../../harness/fake-broker/fake-cluster.ts';
import { topicIdsAnswer } from '../../../harness/fake-broker/share-side.ts';

const ID = '000102030405060708090a0b0c0d0e0f';
const WITH_IDS = 12;

/** A cluster of one broker, which speaks Metadata up to a version, and the versions that it is asked in. */
async function clusterUpTo(t: TestContext, version: number) {
  const broker = await startBroker(t, (asked) =>
    asked.version === WITH_IDS ? topicIdsAnswer('orders', ID) : metadataAnswer({ topics: [topicOn('orders', 1)] }),
  );
  broker.versions = [
    [keys.metadata, 0, version],
    [keys.apiVersions, 0, 4],
  ];
  const settings = { clientId: 'test', ssl: null, credentials: null, maxIdleMs: 60_000, metadataMaxAgeMs: 60_000 };
  const cluster = new Cluster({ bootstrapServers: [broker.address], ...settings });
  t.after(() => cluster.close());
  const asked = () => broker.requests.flatMap((one) => (one.key === keys.metadata ? [one.version] : []));
  return { cluster, asked };
}

const idIn = async (cluster: Cluster, newerThan: number) => {
  const topic = (await eachTopicWithId(cluster, ['orders'], Date.now() + 10_000, newerThan)).get('orders');
  return topic !== undefined && 'id' in topic ? topic.id : null;
};

test('the id of a topic is asked for with its leaders, in one request, and once until it is too old', async (t) => {
  const { cluster, asked } = await clusterUpTo(t, WITH_IDS);
  const since = Date.now();

  const first = await idIn(cluster, since);
  await cluster.metadata(['orders']);
  const again = await idIn(cluster, since);
  const before = asked();
  await idIn(cluster, Date.now() + 1);

  assert.deepEqual([first, again, before, asked().length], [ID, ID, [WITH_IDS, 7], 3]);
});

test('a broker that tells no ids is asked no more often, and the topic has none', async (t) => {
  const { cluster, asked } = await clusterUpTo(t, WITH_IDS - 1);
  const since = Date.now();

  const ids = [await idIn(cluster, since), await idIn(cluster, since)];

  assert.deepEqual([ids, asked()], [['', ''], [7]]);
});
