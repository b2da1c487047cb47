import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mustMayReadGroup } from '../../../../lib/kafka/groups/readable-group.ts';
import { Writer } from '../../../../lib/kafka/protocol/wire.ts';
import { timePasses } from '../../../harness/virtual-time.ts';
import { clusterWith, NOT_COORDINATOR } from './group-cluster.ts';

const UNKNOWN_MEMBER_ID = 25;
const GROUP_AUTHORIZATION_FAILED = 30;
const heartbeatAnswer = (error: number) => new Writer().int32(0).int16(error).done();

test('a group that wants a member may be read', async (t) => {
  const { cluster, soon, asked } = clusterWith(t, () => heartbeatAnswer(UNKNOWN_MEMBER_ID));

  await timePasses(t, mustMayReadGroup(cluster, 'g', soon()));

  assert.deepEqual(asked, ['look up', 'ask 1']);
});

test('a group that Kafka does not let one read may not', async (t) => {
  const { cluster, soon } = clusterWith(t, () => heartbeatAnswer(GROUP_AUTHORIZATION_FAILED));

  await assert.rejects(timePasses(t, mustMayReadGroup(cluster, 'g', soon())), { name: 'Forbidden' });
});

test('a group that has moved is followed', async (t) => {
  const { cluster, soon, kafka, asked } = clusterWith(t, (_, broker) =>
    heartbeatAnswer(broker === 2 ? UNKNOWN_MEMBER_ID : NOT_COORDINATOR),
  );
  const reading = mustMayReadGroup(cluster, 'g', soon());
  kafka.coordinator = 2;

  await timePasses(t, reading);

  assert.ok(asked.includes('ask 2'));
});
