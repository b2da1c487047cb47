import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Broker } from '../../../../infra/local/broker.ts';
import { users } from '../../../../infra/local/properties.ts';
import { basic } from '../../../harness/http/caller.ts';
import { call, configure } from '../../../harness/http/gateway.ts';
import { assertRefused, forbiddenTopic } from '../../../harness/http/refusal.ts';
import { fetchPage, post, produceText } from '../../../harness/http/requests.ts';
import { addAcls, allow, startBrokerWithAcls } from '../../../harness/kafka/acls.ts';
import { startStandIn } from '../../../harness/schema-registry/stand-in.ts';

/** alice may write to `written` and nothing else; admin may do everything. */
const alice = { headers: basic('alice', users.alice) };
const admin = { headers: basic('admin', users.admin) };

let broker: Broker;
const registry = await startStandIn(() => ({ status: 200, body: { id: 1, version: 1 } }));

before(async () => {
  broker = await startBrokerWithAcls(async (client) => {
    await client.createTopics({ topics: ['written', 'hidden'].map((topic) => ({ topic })), waitForLeaders: true });
    await addAcls(client, [allow('TOPIC', 'written', 'WRITE')]);
  });
  configure(broker.bootstrapServers, {
    GATEWAY_AUTH: 'passthrough',
    KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
    KAFKA_SASL_MECHANISM: 'SCRAM-SHA-256',
    SCHEMA_REGISTRY_URL: registry.url,
  });
});
after(() => broker?.stop());

const createTopic = (name: string, { headers }: typeof alice) =>
  call('POST', '/admin/topics', {
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ topic_name: name }),
  });

test("Kafka's ACLs decide by the caller, also for requests at the same time on the same topic", async () => {
  const { offset } = await produceText('written', 'by alice', alice);

  const [byAlice, byAdmin] = await Promise.all([
    fetchPage('written', 'text', `offset=${offset}`, alice),
    fetchPage('written', 'text', `offset=${offset}`, admin),
  ]);

  assertRefused(byAlice, { ...forbiddenTopic, mediaType: byAlice.headers['content-type'] });
  assert.equal(byAdmin.json[0].value, 'by alice');
});

test('what a caller may not see is not told from what is not there, whoever has seen it before', async () => {
  const seen = await call('GET', '/topics/hidden', admin);

  const [existing, missing] = [await call('GET', '/topics/hidden', alice), await call('GET', '/topics/missing', alice)];
  const written = await post('/topics/hidden', 'text', { records: [{ value: 'x' }] }, alice);

  assert.equal(seen.status, 200, seen.text);
  assertRefused(existing, forbiddenTopic);
  assert.deepEqual([missing.status, missing.text], [existing.status, existing.text]);
  assertRefused(written, forbiddenTopic);
});

test('a list has what its reader may see', async () => {
  const [byAlice, byAdmin] = await Promise.all([call('GET', '/topics', alice), call('GET', '/topics', admin)]);

  assert.deepEqual([byAlice.json, byAdmin.json], [['written'], ['hidden', 'written']]);
});

test('to create a topic takes a right of the caller', async () => {
  const [byAlice, byAdmin] = [await createTopic('new', alice), await createTopic('new', admin)];

  assert.deepEqual([byAlice.status, byAdmin.status], [403, 201]);
});

test('nothing is registered for topics that the caller may not write to', async () => {
  const avro = { 'content-type': 'application/vnd.kafka.avro.v2+json', ...alice.headers };
  const produce = (path: string, records: object[]) =>
    call<{ offsets: { error_code: number | null }[] }>('POST', path, {
      headers: avro,
      body: JSON.stringify({ value_schema: '"string"', records }),
    });

  const refused = await produce('/topics/hidden', [{ value: 'x' }]);
  const seen = registry.seen.length;
  const some = await produce('/records', [
    { topic: 'hidden', value: 'x' },
    { topic: 'written', value: 'y' },
  ]);

  assertRefused(refused, forbiddenTopic);
  assert.equal(seen, 0);
  assert.deepEqual(
    some.json.offsets.map(({ error_code }) => error_code),
    [40301, null],
  );
  assert.ok(registry.seen.length > 0);
  assert.deepEqual(
    registry.seen.filter(({ line }) => line.includes('hidden')),
    [],
  );
});
