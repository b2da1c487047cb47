import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { produce } from '../../harness/http/requests.ts';
import { type GroupMember, joinWithJava, joinWithKafkajs } from '../../harness/kafka/group-members.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { until } from '../../harness/until.ts';
import { type DescribedGroup, deleteFrom, describe, listGroups, newGroup, offsetsOf, put } from './group-requests.ts';

configure(sharedKafka());

interface Members {
  type: DescribedGroup['type'];
  protocol: string;
  join(t: TestContext, group: string, topic: string): Promise<GroupMember>;
}

const kinds: Record<string, Members> = {
  'of kafkajs, by the classic protocol': { type: 'classic', protocol: 'RoundRobinAssigner', join: joinWithKafkajs },
  'of Java, by the classic protocol': {
    ...{ type: 'classic', protocol: 'range' },
    join: (t, group, topic) => joinWithJava(t, group, topic, 'classic'),
  },
  'of Java, by the protocol of KIP-848': {
    ...{ type: 'consumer', protocol: 'uniform' },
    join: (t, group, topic) => joinWithJava(t, group, topic, 'consumer'),
  },
};

for (const [what, { type, protocol, join }] of Object.entries(kinds)) {
  suite(`a group with a member ${what}`, () => {
    test('is described, and refuses all changes until the member has left', async (t) => {
      const [topic, group] = [await createTopic({ partitions: 2 }), newGroup()];
      await produce(topic, 'text', [{ value: 'a', partition: 1 }]);
      const member = await join(t, group, topic);
      await until(async () => (await describe(group)).json.members?.[0]?.assignments?.length === 1);

      const { json } = await describe(group);
      const listed = (await listGroups()).filter(({ group_id }) => group_id === group);
      const refused = [await put(group, [{ topic, offset: 'latest' }]), await deleteFrom(group)];
      await member.leave();
      const committed = await put(group, [{ topic, offset: 'latest' }]);
      const described = await describe(group);

      const [{ member_id, client_id, host, ...rest }] = json.members;
      assert.deepEqual(
        { ...json, members: [rest] },
        {
          ...{ group_id: group, type, state: 'Stable', protocol_type: 'consumer', protocol },
          members: [{ instance_id: null, assignments: [{ topic, partitions: [0, 1] }] }],
        },
      );
      assert.match(member_id, /./);
      assert.match(client_id, /^(kafkajs|java-(classic|consumer))$/);
      assert.equal(host, '127.0.0.1');
      assert.deepEqual(listed, [{ group_id: group, type, state: 'Stable', protocol_type: 'consumer' }]);
      for (const answer of refused) assertRefused(answer, { status: 409, code: 40903, message: /has live members.*: stop them first$/ });
      assert.equal(committed.status, 200, committed.text);
      assert.deepEqual([described.json.state, described.json.members], ['Empty', []]);
    });

    test('goes on reading where offsets were committed', async (t) => {
      const [topic, group] = [await createTopic(), newGroup()];
      await produce(
        topic,
        'text',
        ['a', 'b', 'c', 'd', 'e'].map((value) => ({ value })),
      );
      await put(group, [{ topic, partition: 0, offset: 3 }]);

      const { received, leave } = await join(t, group, topic);
      await until(() => received.length >= 2);
      await leave();

      assert.deepEqual(received, [
        { partition: 0, offset: 3 },
        { partition: 0, offset: 4 },
      ]);
    });
  });
}

test('offsets of a topic that a live member subscribes to cannot be deleted, others can', async (t) => {
  const [topic, other, group] = [await createTopic(), await createTopic(), newGroup()];
  await put(group, [
    { topic, partition: 0, offset: 0 },
    { topic: other, partition: 0, offset: 0 },
  ]);
  await joinWithJava(t, group, topic, 'consumer');
  await until(async () => (await describe(group)).json.members?.length === 1);

  const refused = await deleteFrom(group, '/offsets', { topic });
  const deleted = await deleteFrom(group, '/offsets', { topic: other });

  assertRefused(refused, {
    status: 409,
    code: 40903,
    message: /Live members .* subscribe to the topic.*partition 0 of topic-.*: stop them first$/,
  });
  assert.deepEqual([deleted.status, deleted.text], [204, '']);
  assert.deepEqual(
    (await offsetsOf(group)).json.offsets.map((offset) => offset.topic),
    [topic],
  );
});
