import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Cluster } from '../../../lib/kafka/cluster/cluster.ts';
import { Seat } from '../../../lib/kafka/groups/membership/seat.ts';
import { JOIN } from '../../../lib/kafka/protocol/consumer-group-heartbeat.ts';
import { costOfPolls, thousandMembers } from '../../harness/consumers/cost-of-polls.ts';
import { otherProcess } from '../../harness/consumers/other-process.ts';
import { configure } from '../../harness/http/gateway.ts';
import { type ProxiedKafka, startProxiedKafka } from '../../harness/proxy/proxied-kafka.ts';

const AT_ONCE = 100;

let kafka: ProxiedKafka;
let cluster: Cluster;

before(async () => {
  kafka = await startProxiedKafka();
  configure(kafka.bootstrapServers);
  cluster = otherProcess(kafka.direct);
});
after(async () => {
  cluster?.close();
  await kafka?.stop();
});

test('in a group of a thousand members a poll asks no more of Kafka than in a group of one', async (t) => {
  const alone = await costOfPolls(t, kafka, async () => {});

  const among = await costOfPolls(t, kafka, async (group, topic) => {
    const seat = new Seat(cluster, group, Date.now() + 60_000);
    const join = (memberId: string) => seat.beat({ memberId, epoch: JOIN, topics: [topic], pattern: '', owned: [] });
    const ids = thousandMembers();
    for (let i = 0; i < ids.length; i += AT_ONCE) await Promise.all(ids.slice(i, i + AT_ONCE).map(join));
    assert.equal((await seat.look()).members?.length, ids.length + 1);
  });

  assert.deepEqual(
    [among.requests, alone.requests],
    [
      ['Fetch', 'OffsetCommit', 'OffsetFetch'],
      ['Fetch', 'OffsetCommit', 'OffsetFetch'],
    ],
  );
  // Records, numbers and names are of some bytes more or less.
  assert.ok(Math.abs(among.bytes - alone.bytes) < 50, `${among.bytes} bytes, and ${alone.bytes} alone`);
});
