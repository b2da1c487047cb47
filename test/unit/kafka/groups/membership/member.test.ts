import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConsumerOptions } from '../../../../../lib/kafka/groups/membership/coordinator.ts';
import { memberOf } from '../../../../../lib/kafka/groups/membership/member.ts';
import { newMemberId } from '../../../../../lib/kafka/groups/membership/member-id.ts';
import type { FullMember } from '../../../../../lib/kafka/protocol/consumer-group-describe.ts';

const options: ConsumerOptions = {
  ...{ format: 'text', offsetReset: 'latest', autoCommit: true, minBytes: 1, timeoutMs: null, isolation: 'read_committed' },
};

test('of members with one name the one with a subscription is the consumer, else the oldest', () => {
  const full = (memberId: string, subscribedTopics: string[] = []): FullMember => ({
    ...{ memberId, subscribedTopics, instanceId: null, epoch: 1, clientId: '', host: '', subscribedRegex: null },
    ...{ assignment: [], target: [], isClassic: false },
  });
  const older = newMemberId('a', options, 1);
  const newer = newMemberId('a', options, 1000);

  assert.equal(memberOf([full(newer), full(older)], 'a')?.memberId, older);
  assert.equal(memberOf([full(newer, ['orders']), full(older)], 'a')?.memberId, newer);
  assert.equal(memberOf([full('a~forged'), full('b')], 'a'), null);
});
