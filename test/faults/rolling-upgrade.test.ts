import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { AwsClient } from 'aws4fetch';
import { zipSync } from 'fflate';
import type { FunctionName } from '../../infra/functions.ts';
import { type Cluster, startCluster } from '../../infra/local/broker.ts';
import { quickFailover } from '../../infra/local/properties.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { startTable, type TestTable } from '../harness/aws/table.ts';
import { createTopics, withAdmin } from '../harness/kafka/topics.ts';
import { filesOf, handlerIn } from '../harness/lambda/function-zip.ts';
import { openServerless, type Serverless } from '../harness/lambda/serverless.ts';
import { until } from '../harness/until.ts';
import { UpgradeClients } from './upgrade-clients.ts';
import { WeightedVersions, type Zips } from './weighted-versions.ts';

const FUNCTIONS: FunctionName[] = ['produce', 'consumers', 'queues', 'read-topics', 'topic-metadata'];
const PARAMETER = '/kafka-gateway/test';
const CONFIGURATION = { GATEWAY_IDEMPOTENCY: '1h', GATEWAY_CONFIG_PARAMETER: PARAMETER };
const NEXT_VERSION = '999.0.0';
/** A folder with the zips of another commit, as `npm run package` makes them with these variables; else both versions are of this one. */
const { PREVIOUS_ZIPS } = process.env;
const BROKERS = 3;
const PARTITIONS = 3;
const TOPIC = 'upgraded';
/** Between two steps of the rollout, of each client. */
const ROUNDS = 3;

let packaged: Serverless;
let cluster: Cluster;
let table: TestTable;

before(async () => {
  [packaged, cluster, table] = await Promise.all([
    openServerless([], FUNCTIONS),
    startCluster(BROKERS, { properties: quickFailover }),
    startTable(),
  ]);
  await packaged.run(['package'], CONFIGURATION);
});
after(async () => {
  await Promise.all([packaged?.close(), cluster?.stop(), table?.stop()]);
});

test('versions are rolled out and back while brokers restart at other addresses: no request fails, nothing is lost or comes twice', async () => {
  await createTopics([{ topic: TOPIC, numPartitions: PARTITIONS }], cluster.bootstrapServers);
  await announce(cluster.bootstrapServers);
  await using gateway = new WeightedVersions(await versions(), {
    ...CONFIGURATION,
    ...table.environment,
    KAFKA_BOOTSTRAP_SERVERS: cluster.bootstrapServers,
    GATEWAY_CONFIG_SECONDS: '1',
    GATEWAY_RECEIPT_KEY: 'of both versions',
    GATEWAY_LOG_LEVEL: 'error',
  });
  const clients = new UpgradeClients(gateway, TOPIC, PARTITIONS);

  clients.start();
  await clients.through(ROUNDS);
  for (const [step, weight] of [0.1, 0.5, 1].entries()) {
    gateway.weight = weight;
    await moveBroker(step);
    await clients.through(ROUNDS);
  }
  gateway.weight = 0;
  await clients.through(ROUNDS);
  await clients.finish();

  const { failures, versions: seen, written, polled, paged, acknowledged, unsure } = clients;
  console.log(
    `${written.length} records; ${[...seen].map(([version, times]) => `${version} answered ${times} times`).join(', ')}; ${unsure.size} records perhaps acknowledged`,
  );
  assert.deepEqual(failures, []);
  assert.deepEqual([seen.size, seen.has(NEXT_VERSION)], [2, true]);
  const there = await allPlaces();
  const settled = [...acknowledged, ...[...unsure].filter((place) => !acknowledged.includes(place))];
  for (const [what, places] of Object.entries({ written, polled, paged, settled })) {
    assert.deepEqual({ what, ...comparison(places, there) }, { what, missing: [], more: [], twice: [] });
  }
});

async function versions(): Promise<{ before: Zips; next: Zips }> {
  const zips = (folder: string) => (name: FunctionName) => join(folder, `${name}.zip`);
  const own = zips(join(packaged.folder, '.serverless'));
  const before = PREVIOUS_ZIPS === undefined ? own : zips(PREVIOUS_ZIPS);
  const renamed = join(packaged.folder, 'next.zip');
  await writeFile(renamed, await withNextVersion(await filesOf(own('topic-metadata'))));
  return { before, next: (name) => (name === 'topic-metadata' ? renamed : own(name)) };
}

/** The zip as package.json with another version would have made it: no other zip has the version in it. */
async function withNextVersion(files: Record<string, Uint8Array>): Promise<Uint8Array> {
  const file = handlerIn(files).replace(/handler$/, 'js');
  const code = Buffer.from(files[file]).toString();
  const next = code.replace(`version:"${packageJson.version}"`, `version:"${NEXT_VERSION}"`);
  assert.notEqual(next, code);
  return zipSync({ ...files, [file]: Buffer.from(next) });
}

/** Restarts a broker at another port once all replicas are in sync, and puts the document that says where brokers are. */
async function moveBroker(index: number): Promise<void> {
  await until(allInSync);
  await cluster.brokers[index].readdress();
  await announce(cluster.bootstrapServers);
}

async function allInSync(): Promise<boolean> {
  try {
    const { topics } = await withAdmin(cluster.bootstrapServers, (admin) => admin.fetchTopicMetadata());
    return topics.every(({ partitions }) => partitions.every(({ isr, replicas }) => isr.length === replicas.length));
  } catch {
    return false; // who cannot even be asked is not in sync
  }
}

/** Puts the variables that change while the gateway runs. */
async function announce(bootstrapServers: string): Promise<void> {
  const { AWS_ENDPOINT_URL = '', AWS_REGION, AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = table.environment;
  const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
  const response = await new AwsClient({ ...credentials, service: 'ssm', region: AWS_REGION ?? '' }).fetch(AWS_ENDPOINT_URL, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AmazonSSM.PutParameter' },
    body: JSON.stringify({
      Name: PARAMETER,
      Type: 'String',
      Overwrite: true,
      Value: JSON.stringify({ KAFKA_BOOTSTRAP_SERVERS: bootstrapServers }),
    }),
  });
  assert.equal(response.status, 200, await response.text());
}

/** What is in one list of places and not in the other. */
const comparison = (places: readonly string[], there: readonly string[]) => ({
  missing: there.filter((place) => !places.includes(place)),
  more: places.filter((place) => !there.includes(place)),
  twice: places.filter((place, i) => places.indexOf(place) < i),
});

/** Every offset of the topic, as Kafka has it. */
async function allPlaces(): Promise<string[]> {
  const ends = await withAdmin(cluster.bootstrapServers, (admin) => admin.fetchTopicOffsets(TOPIC));
  return ends.flatMap(({ partition, high }) => Array.from({ length: Number(high) }, (_, offset) => `${partition}/${offset}`));
}
