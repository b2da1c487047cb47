import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type Broker, startBroker } from '../../../infra/local/broker.ts';
import { creatableTopics } from '../../../lib/admission/creatable-topics.ts';
import { mediaTypes } from '../../../lib/http/media-types.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { linesOf, stream } from '../../harness/http/v3.ts';

const broker: Broker = await startBroker({ properties: { 'auto.create.topics.enable': 'true', 'num.partitions': '3' } });
after(() => broker.stop());

configure(broker.bootstrapServers);

const produce = (topic: string, authorizer?: unknown) =>
  call<{ offsets: { offset: number }[] }>('POST', `/topics/${topic}`, {
    headers: { 'content-type': mediaTypes.text },
    body: '{"records":[{"value":"first"}]}',
    authorizer,
  });
const partitionsOf = async (topic: string) => Object(await call('GET', `/topics/${topic}`).then(({ json }) => json)).partitions?.length;

test('producing to a topic that does not exist lets the broker create it, in every version of the API', async () => {
  const { status, json, text } = await produce('made-by-v2');
  const lines = linesOf(await stream('made-by-v3', ['{"value":{"type":"STRING","data":"a"}}']));

  assert.deepEqual([status, json.offsets?.[0].offset], [200, 0], text);
  assert.deepEqual([lines[0].error_code, lines[0].offset], [200, 0]);
  assert.deepEqual([await partitionsOf('made-by-v2'), await partitionsOf('made-by-v3')], [3, 3]);
});

test('several topics of one request are made, and many requests for one at a time', async () => {
  const records = ['made-a', 'made-b'].map((topic) => ({ topic, value: 'v' }));
  const several = await call('POST', '/records', { headers: { 'content-type': mediaTypes.text }, body: JSON.stringify({ records }) });
  const atOnce = await Promise.all(Array.from({ length: 5 }, () => produce('made-at-once')));

  assert.equal(several.status, 200, several.text);
  assert.deepEqual(
    atOnce.map(({ status }) => status),
    [200, 200, 200, 200, 200],
  );
});

test('reading and looking create none', async () => {
  for (const path of ['', '/partitions', '/offsets', '/records', '/partitions/0/records', '/partitions/0/offsets']) {
    const answer = await call('GET', `/topics/not-made${path}`, { query: 'offset=0' });

    assertRefused(answer, { status: 404, code: 40401, message: /no topic not-made/ });
  }
});

test('with grants it takes create on the name', async () => {
  const caller = (...operations: string[]) => ({
    lambda: { principalId: 'u', grants: JSON.stringify([{ principal: '*', operations, topics: ['granted*'] }]) },
  });

  const refused = await produce('granted-not', caller('produce'));
  const made = await produce('granted-made', caller('produce', 'create'));

  assertRefused(refused, { status: 404, code: 40401, message: /no topic granted-not/ });
  assert.equal(made.status, 200, made.text);
  assert.equal(await partitionsOf('granted-not'), undefined);
  const subject = { caller: { principal: null, grants: null, expiresAt: null }, principal: null };
  assert.equal(creatableTopics(subject)('any'), true);
});
