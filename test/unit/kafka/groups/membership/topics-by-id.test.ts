import assert from 'node:assert/strict';
import { test } from 'node:test';
import { learnTopics, topicNamed } from '../../../../../lib/kafka/groups/membership/topics-by-id.ts';
import type { FullMember } from '../../../../../lib/kafka/protocol/consumer-group-describe.ts';
import { FakeCluster } from '../../../../harness/fake-broker/fake-cluster.ts';

const MOST = 10_000;
const memberOf = (ids: readonly string[]): FullMember => ({
  ...{ memberId: 'm', instanceId: null, epoch: 1, clientId: '', host: '', subscribedTopics: [], subscribedRegex: null, isClassic: false },
  assignment: ids.map((topicId) => ({ topicId, topic: `topic ${topicId}`, partitions: [0] })),
  target: [],
});

test('the topics of a member that is looked at have names, however many others have been seen since it was first', () => {
  const cluster = new FakeCluster({});
  learnTopics(cluster, [memberOf(['a'])]);
  learnTopics(cluster, [memberOf(Array.from({ length: MOST - 1 }, (_, i) => `other ${i}`))]);

  learnTopics(cluster, [memberOf(['a', 'b'])]);

  assert.deepEqual([topicNamed(cluster, 'a'), topicNamed(cluster, 'b')], ['topic a', 'topic b']);
});
