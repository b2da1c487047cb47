import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Admin } from 'kafkajs';
import { call } from '../../harness/http/gateway.ts';
import { assertRefused, forbiddenTopic } from '../../harness/http/refusal.ts';
import { fetchPage, mediaTypes, post, produceText } from '../../harness/http/requests.ts';
import { addAcls, allow } from '../../harness/kafka/acls.ts';
import { until } from '../../harness/until.ts';

/** Makes the topics `written`, `read`, `described` and `hidden`, and lets a principal do what they are called; nothing with the last. */
export async function authorize(admin: Admin, principal: string): Promise<void> {
  const topics = ['written', 'read', 'described', 'hidden'];
  await admin.createTopics({ topics: topics.map((topic) => ({ topic })), waitForLeaders: false });
  const to = { principal };
  const acls = [allow('TOPIC', 'written', 'WRITE', to), allow('TOPIC', 'read', 'READ', to), allow('TOPIC', 'described', 'DESCRIBE', to)];
  await addAcls(admin, acls);
}

/** Waits until a gateway that is configured as that principal is told of all topics that it may describe. */
export const untilAuthorized = (): Promise<void> =>
  until(async () => (await call('GET', '/topics')).text === '["described","read","written"]');

/** Tests what a gateway may do whose principal was authorized so. */
export function testAuthorization(principal: string): void {
  suite(`${principal}, which Kafka authorizes`, () => {
    test('to write, may produce, and see offsets and metadata, but not read', async () => {
      const { offset } = await produceText('written', 'x');
      const offsets = await call<{ end_offset: number }[]>('GET', '/topics/written/offsets');
      const metadata = await call('GET', '/topics/written');
      const page = await fetchPage('written', 'text', 'offset=0');

      assert.equal(offsets.json[0].end_offset - 1, offset);
      assert.equal(metadata.status, 200);
      assertRefused(page, { ...forbiddenTopic, mediaType: mediaTypes.text });
    });

    test('to read, may fetch, but not produce', async () => {
      const page = await fetchPage('read', 'text', 'offset=0&timeout=0');
      const answer = await post('/topics/read', 'text', { records: [{ value: 'x' }] });

      assert.deepEqual([page.status, page.text], [200, '[]']);
      assertRefused(answer, forbiddenTopic);
    });

    test('to describe, may see what the topic is, but not produce or read', async () => {
      const metadata = await call<{ name: string }>('GET', '/topics/described');
      const answer = await post('/topics/described', 'text', { records: [{ value: 'x' }] });
      const page = await fetchPage('described', 'text', 'offset=0');

      assert.deepEqual([metadata.status, metadata.json.name], [200, 'described']);
      assertRefused(answer, forbiddenTopic);
      assertRefused(page, { ...forbiddenTopic, mediaType: mediaTypes.text });
    });

    test('to describe topics, is told of those and no others', async () => {
      const answer = await call('GET', '/topics');

      assert.deepEqual(answer.json, ['described', 'read', 'written']);
    });

    for (const [what, send] of [
      ['produce', (topic: string) => post(`/topics/${topic}`, 'text', { records: [{ value: 'x' }] })],
      ['produce to a partition', (topic: string) => post(`/topics/${topic}/partitions/7`, 'text', { records: [{ value: 'x' }] })],
      ['fetch', (topic: string) => call('GET', `/topics/${topic}/partitions/0/records`, { query: 'offset=0' })],
      ['see offsets', (topic: string) => call('GET', `/topics/${topic}/offsets`)],
      ['see offsets of a partition', (topic: string) => call('GET', `/topics/${topic}/partitions/7/offsets`)],
      ['see metadata', (topic: string) => call('GET', `/topics/${topic}`)],
      ['see partitions', (topic: string) => call('GET', `/topics/${topic}/partitions`)],
    ] as const) {
      test(`to do nothing, may not ${what}, and is not told whether the topic exists`, async () => {
        const [existing, missing] = [await send('hidden'), await send('missing')];

        assertRefused(existing, forbiddenTopic);
        assert.deepEqual([missing.status, missing.text], [existing.status, existing.text]);
      });
    }
  });
}
