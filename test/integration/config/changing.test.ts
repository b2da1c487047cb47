import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { captureLog } from '../../harness/events/http-event.ts';
import { call, configure, type RequestParts } from '../../harness/http/gateway.ts';
import { readTopic } from '../../harness/kafka/records.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { type ProxiedKafka, startProxiedKafka } from '../../harness/proxy/proxied-kafka.ts';
import { until } from '../../harness/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'changing-'));
const file = join(folder, 'gateway.json');
const arn = (user: string) => `arn:aws:iam::123456789012:user/${user}`;
const as = (user: string): RequestParts => ({ authorizer: { iam: { userArn: arn(user) } } });
const grantTo = (...users: string[]) =>
  users.map((user) => ({ principal: arn(user), operations: ['produce', 'describe'], topics: ['topic-*'] }));

let kafka: ProxiedKafka;
let topic: string;

/** Puts a document in one step, as a parameter changes. */
function put(document: object): void {
  writeFileSync(`${file}.next`, JSON.stringify(document));
  renameSync(`${file}.next`, file);
}

before(async () => {
  kafka = await startProxiedKafka();
  put({ GATEWAY_GRANTS: grantTo('alice') });
  configure(kafka.bootstrapServers, {
    GATEWAY_AUTH: 'iam',
    GATEWAY_GRANTS: '[]',
    GATEWAY_CONFIG_FILE: file,
    GATEWAY_CONFIG_SECONDS: '1',
    GATEWAY_LOG_LEVEL: 'debug',
  });
  topic = await createTopic({ partitions: 3, bootstrapServers: kafka.direct });
});
after(async () => {
  rmSync(folder, { recursive: true });
  await kafka.stop();
});

const produce = (user: string, value: string) =>
  call('POST', `/topics/${topic}`, { ...as(user), headers: { 'content-type': 'text/plain' }, body: value });

/** Sends requests one after the other on several ways until it is told to stop; returns how often each status was answered. */
function load(t: TestContext, user: string): { stop(): Promise<Map<number, number>> } {
  const statuses = new Map<number, number>();
  let stopped = false;
  const way = async (): Promise<void> => {
    while (!stopped) {
      const { status } = await produce(user, 'under load');
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  const ways = [way(), way(), way(), way()];
  t.after(() => {
    stopped = true;
  });
  return {
    async stop() {
      stopped = true;
      await Promise.all(ways);
      return statuses;
    },
  };
}

test('grants come and go while requests are served, and none of those fails who keeps his', async (t) => {
  const running = load(t, 'alice');
  assert.equal((await produce('bob', 'too early')).status, 403);

  put({ GATEWAY_GRANTS: grantTo('alice', 'bob') });
  await until(async () => (await produce('bob', 'in time')).status === 200);
  put({ GATEWAY_GRANTS: [{ principal: 'nobody', operations: ['fly'] }] });
  put({ GATEWAY_GRANTS: grantTo('alice') });
  await until(async () => (await produce('bob', 'too late')).status === 403);

  const statuses = await running.stop();
  assert.deepEqual([...statuses.keys()], [200]);
});

test('a document that is wrong changes nothing', async () => {
  put({ GATEWAY_GRANTS: grantTo('carol'), GATEWAY_ACKS: 'some' });
  const later = Date.now() + 1500;

  await until(() => Promise.resolve(Date.now() > later));

  assert.deepEqual([(await produce('alice', 'still')).status, (await produce('carol', 'never')).status], [200, 403]);
});

test('bootstrap servers change under load without a failed request, and each record is there once', async (t) => {
  put({ GATEWAY_GRANTS: grantTo('alice') });
  const written = (await readTopic(topic, kafka.direct)).length;
  const lines = captureLog(t);
  const running = load(t, 'alice');

  put({ GATEWAY_GRANTS: grantTo('alice'), KAFKA_BOOTSTRAP_SERVERS: kafka.direct });
  await until(() => Promise.resolve(lines.some(({ event, broker }) => event === 'connection_opened' && broker === kafka.direct)));

  const statuses = await running.stop();
  assert.deepEqual([...statuses.keys()], [200]);
  assert.equal((await readTopic(topic, kafka.direct)).length - written, statuses.get(200));
});
