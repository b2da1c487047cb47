import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { writeCaller } from '../../../lib/access/caller.ts';
import type { Grant } from '../../../lib/access/grants.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { post } from '../../harness/http/requests.ts';
import { readTopic, writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

configure(sharedKafka());

const own = {
  status: 400,
  code: 40002,
  message: /^__[a-z_]+ is an internal topic of Kafka, which only Kafka creates, deletes and writes to: use another topic$/,
};

let topic: string;

before(async () => {
  topic = await createTopic();
  // A consumer, so that Kafka has made __consumer_offsets.
  await writeTopic(topic, [{ value: 'a' }]);
  await readTopic(topic);
});

for (const internal of ['__consumer_offsets', '__transaction_state', '__share_group_state', '__cluster_metadata']) {
  suite(internal, () => {
    test('cannot be created, which would keep Kafka from doing so with settings that it needs', async () => {
      const headers = { 'content-type': 'application/json' };

      assertRefused(await call('POST', '/admin/topics', { headers, body: JSON.stringify({ topic_name: internal }) }), own);
    });

    test('cannot be written to, whichever way it is named', async () => {
      const raw = { 'content-type': 'text/plain' };

      assertRefused(await post(`/topics/${internal}`, 'text', { records: [{ value: 'a' }] }), own);
      assertRefused(await post(`/topics/%5f${internal.slice(1)}/partitions/0`, 'text', { records: [{ value: 'a' }] }), own);
      assertRefused(
        await post('/records', 'text', {
          records: [
            { topic, value: 'a' },
            { topic: internal, value: 'a' },
          ],
        }),
        own,
      );
      assertRefused(await call('POST', '/records', { headers: { ...raw, 'kafka-topic': internal }, body: 'a' }), own);
      assert.equal((await readTopic(topic)).length, 1, 'and nothing beside it is written');
    });

    test('cannot be created, written to or deleted by version 3 of the API, nor written to by pubsub', async () => {
      const json = { 'content-type': 'application/json' };
      const record = JSON.stringify({ value: { type: 'STRING', data: 'a' } });
      const command = { sequence: 1, cmdKafkaProduce: { topic: internal, records: [{ value: 'YQ==' }] } };

      const created = await call('POST', '/v3/clusters/any/topics', { headers: json, body: JSON.stringify({ topic_name: internal }) });
      const written = await call('POST', `/v3/clusters/any/topics/${internal}/records`, { headers: json, body: record });
      const deleted = await call('DELETE', `/v3/clusters/any/topics/${internal}`);
      const told = await call('POST', '/pubsub', { headers: json, body: JSON.stringify(command) });

      for (const { status, text } of [created, written, deleted]) {
        assert.equal(status, own.status);
        assert.match(JSON.parse(text).message, own.message);
      }
      assert.match(told.text, /errorResp.*is an internal topic/);
    });

    test('is not listed', async () => {
      const { json } = await call<string[]>('GET', '/topics');

      assert.ok(json.includes(topic) && !json.includes(internal));
    });
  });
}

test('to read what Kafka notes in __consumer_offsets takes a grant as for any topic', async () => {
  const path = '/topics/__consumer_offsets/partitions/0/records';
  const statusWith = async (topics: string[]) => {
    const grants: Grant[] = [{ principal: '*', operations: ['read'], topics }];
    const authorizer = { lambda: writeCaller({ principal: 'alice', grants, expiresAt: null }) };
    return (await call('GET', path, { query: { offset: 'earliest', limit: 1 }, authorizer })).status;
  };

  assert.deepEqual([await statusWith(['_*']), await statusWith([topic])], [200, 403]);
});
