import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { createTopic, withAdmin } from '../harness/kafka/topics.ts';
import { assertOk, send } from '../harness/lambda/api-gateway.ts';
import { openServerless, type Serverless } from '../harness/lambda/serverless.ts';
import { type LambdaFunction, startFunction } from '../harness/lambda/start-function.ts';
import { startStandIn } from '../harness/schema-registry/stand-in.ts';

const schemas = {
  avro: { id: 1, schemaType: 'AVRO', schema: '{"type":"record","name":"R","fields":[{"name":"a","type":["null","int"]}]}' },
  jsonschema: { id: 2, schemaType: 'JSON', schema: '{"type":"object"}' },
  protobuf: { id: 3, schemaType: 'PROTOBUF', schema: 'syntax = "proto3"; message M { int32 a = 1; }' },
};
const registry = await startStandIn(({ line }) => {
  if (line.startsWith('POST /subjects/')) return { status: 200, body: { id: 1, version: 1 } };
  const found = Object.values(schemas).find(({ id }) => line === `GET /schemas/ids/${id}`);
  return found === undefined ? { status: 404, body: { error_code: 40403 } } : { status: 200, body: found };
});
const configuration = { SCHEMA_REGISTRY_URL: registry.url };
let framework: Serverless;

before(async () => {
  framework = await openServerless([], ['fetch-from-offset', 'produce']);
  await framework.run(['package'], configuration);
});
after(() => framework?.close());

async function start(t: TestContext, name: string): Promise<LambdaFunction> {
  const fn = await startFunction(join(framework.folder, `.serverless/${name}.zip`), {
    env: { ...configuration, KAFKA_BOOTSTRAP_SERVERS: sharedKafka() },
    instruments: ['modules'],
  });
  t.after(() => fn.stop());
  return fn;
}

const shown = { avro: { a: { int: 5 } }, jsonschema: { a: 5 }, protobuf: { a: 5 } };
const library = { avro: [], jsonschema: [], protobuf: ['functions/bufbuild.cjs'] };

for (const format of ['avro', 'jsonschema', 'protobuf'] as const) {
  test(`the zips write and read ${format}, and load no other library than its own`, async (t) => {
    const topic = await createTopic();
    const [produce, fetch] = await Promise.all([start(t, 'produce'), start(t, 'fetch-from-offset')]);
    const mediaType = `application/vnd.kafka.${format}.v2+json`;

    const written = await send(produce, {
      ...{ route: 'POST /topics/{topic}', target: `/topics/${topic}`, headers: { 'content-type': mediaType } },
      body: JSON.stringify({ value_schema_id: schemas[format].id, records: [{ value: { a: 5 } }] }),
    });
    const read = await send(fetch, {
      ...{ route: 'GET /topics/{topic}/partitions/{partition}/records', headers: { accept: mediaType } },
      target: `/topics/${topic}/partitions/0/records?offset=earliest`,
    });

    assertOk(written);
    assertOk(read);
    const [{ value, error }] = read.json<{ value: unknown; error?: unknown }[]>();
    assert.deepEqual([value, error], [shown[format], undefined]);
    assert.deepEqual(await produce.loadedModules(), ['functions/produce.js', ...library[format]]);
    assert.deepEqual(await fetch.loadedModules(), ['functions/fetch-from-offset.js', ...library[format]]);
  });
}

test('the zip writes what has a schema in v3 of the API, too', async (t) => {
  const topic = await createTopic();
  const cluster = await withAdmin(undefined, async (admin) => (await admin.describeCluster()).clusterId);
  const produce = await start(t, 'produce');

  const answer = await send(produce, {
    ...{ route: 'POST /v3/clusters/{cluster}/topics/{topic}/records', target: `/v3/clusters/${cluster}/topics/${topic}/records` },
    headers: { 'content-type': 'application/json' },
    body: '{"value":{"schema_id":1,"data":{"a":5}}}',
  });

  assertOk(answer);
  const expected = { type: 'AVRO', subject: `${topic}-value`, schema_id: 1, schema_version: 1, size: 7 };
  assert.deepEqual(answer.json<{ value: object }>().value, expected);
});
