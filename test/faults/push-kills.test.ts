import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Broker, startBroker } from '../../infra/local/broker.ts';
import { configure } from '../harness/http/gateway.ts';
import { writeTopic } from '../harness/kafka/records.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { type PushWorld, startPush } from '../harness/push/push-environment.ts';
import { get, subscribe } from '../harness/push/push-requests.ts';
import { until } from '../harness/until.ts';

const PROCESSES = 3;
const KILLS = 20;
const KEYS = 10;

let broker: Broker;
let push: PushWorld;
let topic: string;
const workers: { child: ChildProcess; isReady: boolean }[] = [];

before(async () => {
  [broker, push] = await Promise.all([startBroker({ listeners: ['PLAINTEXT'] }), startPush()]);
  configure(broker.bootstrapServers, push.environment);
  topic = await createTopic({ partitions: 3, bootstrapServers: broker.bootstrapServers });
});
after(async () => {
  for (const { child } of workers) child.kill('SIGKILL');
  await push?.stop();
  await broker?.stop();
});

function startWorker(): void {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'push-worker.ts')], { stdio: ['ignore', 'pipe', 'ignore'] });
  const worker = { child, isReady: false };
  child.stdout.on('data', () => {
    worker.isReady = true;
  });
  workers.push(worker);
}

/** The one that has delivered longest, and another in its place. */
function killOne(): boolean {
  const at = workers.findIndex(({ isReady }) => isReady);
  if (at < 0) return false;
  workers.splice(at, 1)[0].child.kill('SIGKILL');
  startWorker();
  return true;
}

/** Some answers are late and some are errors, so that there is always something under way and something that waits. */
const script: PushWorld['receiver']['script'] =
  ({ number }) =>
  (response) => {
    setTimeout(() => response.writeHead(number % 17 === 0 ? 500 : 204).end(), number % 5);
  };

test('of processes that are killed once a second, nothing is lost, repeats have their id, and the order of keys holds', async () => {
  push.receiver.script = script;
  const name = await subscribe(topic, push.receiver, { retry: { schedule: Array(30).fill(1) }, format: 'raw' });
  for (let i = 0; i < PROCESSES; i++) startWorker();

  let written = 0;
  for (let kills = 0; kills < KILLS; ) {
    const records = Array.from({ length: KEYS * 4 }, () => ({ key: `k${written % KEYS}`, value: String(written++) }));
    await writeTopic(topic, records, broker.bootstrapServers);
    await delay(1000);
    if (killOne()) kills++;
  }
  await until(async () => {
    const { lag, parked } = await get(name);
    return lag === 0 && parked === 0 && delivered().size === written;
  });

  const places = new Map<string, Set<string>>();
  for (const { headers } of push.receiver.received) {
    const place = `${headers['kafka-partition']} ${headers['kafka-offset']}`;
    places.set(place, (places.get(place) ?? new Set()).add(String(headers['webhook-id'])));
  }
  assert.equal(places.size, written, 'each record was delivered');
  for (const [place, ids] of places) assert.equal(ids.size, 1, place);
  const last = new Map<string, number>();
  for (const [value, key] of delivered()) {
    assert.ok(value > (last.get(key) ?? -1), `${value} of ${key} comes after ${last.get(key)}`);
    last.set(key, value);
  }
});

/** What was answered with success, once each, in the order of the first time: the record's number and its key. */
function delivered(): Map<number, string> {
  const first = new Map<number, string>();
  for (const { number, body, headers } of push.receiver.received) {
    const value = Number(String(body));
    if (number % 17 !== 0 && !first.has(value)) first.set(value, String(headers['kafka-key']));
  }
  return first;
}
