import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setLogLevel } from '../../../lib/telemetry/log.ts';
import { configure } from '../../harness/http/gateway.ts';
import { produce } from '../../harness/http/requests.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { command } from '../../harness/pubsub/pubsub.ts';

configure(sharedKafka());
setLogLevel('error');

suite('the offset at a time', () => {
  test('comes with the time of its record', async () => {
    const topic = await createTopic();
    await produce(topic, 'text', [
      { value: 'a', timestamp: 10_000 },
      { value: 'b', timestamp: 20_000 },
    ]);

    const { kafkaListOffsetResp } = await command({ cmdKafkaListOffset: { topic, timestamp: 10_001 } });

    assert.deepEqual(kafkaListOffsetResp, { offset: '1', timestamp: '20000' });
  });

  for (const timestamp of ['-3', '-9223372036854775808']) {
    test(`that is ${timestamp} is refused`, async () => {
      const { errorResp } = await command({ cmdKafkaListOffset: { topic: await createTopic(), timestamp } });

      assert.equal(errorResp?.code, 42);
      assert.match(errorResp?.message ?? '', /err: INVALID_REQUEST$/);
    });
  }

  test('in a topic of a name that none can have is refused without asking Kafka', async () => {
    const { errorResp } = await command({ cmdKafkaListOffset: { topic: 'a topic' } });

    assert.equal(errorResp?.code, 17);
    assert.match(errorResp?.message ?? '', /err: INVALID_TOPIC_EXCEPTION$/);
  });
});
