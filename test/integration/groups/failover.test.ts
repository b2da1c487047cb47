import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Broker, type Cluster, startCluster } from '../../../infra/local/broker.ts';
import { quickFailover } from '../../../infra/local/properties.ts';
import { configure } from '../../harness/http/gateway.ts';
import { freeze } from '../../harness/kafka/freeze.ts';
import { groupCoordinator } from '../../harness/kafka/group-coordinator.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { deleteFrom, describe, listGroups, newGroup, offsetsOf, put } from './group-requests.ts';

/** Three nodes, which miss one of them after a third of the usual time. All groups are with the leader of one partition. */
let cluster: Cluster;

before(async () => {
  cluster = await startCluster(3, { properties: quickFailover });
  configure(cluster.bootstrapServers);
});
after(() => cluster.stop());

for (const [what, end, mend] of [
  ['is killed', (broker: Broker) => broker.kill(), (broker: Broker) => broker.restart()],
  ['freezes', freeze, (broker: Broker) => Promise.resolve(broker.resume())],
  ['restarts in an orderly way', (broker: Broker) => broker.restart(), () => Promise.resolve()],
] as const) {
  test(`when a coordinator ${what}, no request about its groups fails`, async (t) => {
    const topic = await createTopic({ partitions: 3, bootstrapServers: cluster.bootstrapServers });
    const [group, doomed] = [newGroup(), newGroup()];
    for (const one of [group, doomed]) await put(one, [{ topic, offset: 'earliest' }]);
    const broker = await groupCoordinator(cluster);
    t.after(() => mend(broker));

    const ending = end(broker);
    const answers = [
      ...(await Promise.all([
        ...Array.from({ length: 10 }, (_, partition) => put(group, [{ topic, partition: partition % 3, offset: 7 }])),
        ...[describe(group), offsetsOf(group), offsetsOf(group, { topic })],
      ])),
      await deleteFrom(doomed),
    ];
    await ending;
    const offsets = await offsetsOf(group);
    const gone = await describe(doomed);

    for (const { status, text } of answers) assert.ok(status === 200 || status === 204, `${status} ${text}`);
    assert.deepEqual(
      offsets.json.offsets.map(({ partition, offset }) => [partition, offset]),
      [
        [0, 7],
        [1, 7],
        [2, 7],
      ],
    );
    assert.equal(gone.status, 404);
    assert.ok((await listGroups()).some(({ group_id }) => group_id === group));
  });
}
