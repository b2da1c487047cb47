import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuseInternal } from '../../../../lib/kafka/topics/internal-topics.ts';

for (const topic of ['__consumer_offsets', '__transaction_state', '__share_group_state', '__cluster_metadata']) {
  test(`${topic} is an internal topic`, () => {
    assert.throws(() => refuseInternal(topic), {
      name: 'InvalidArgument',
      message: `${topic} is an internal topic of Kafka, which only Kafka creates, deletes and writes to: use another topic`,
    });
  });
}

for (const topic of ['orders', '_schemas', '__consumer_offsets_', '__CONSUMER_OFFSETS', '__proto__', 'constructor']) {
  test(`${topic} is not`, () => {
    assert.doesNotThrow(() => refuseInternal(topic));
  });
}
