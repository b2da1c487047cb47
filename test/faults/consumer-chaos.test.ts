import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startBroker } from '../../infra/local/broker.ts';
import { startFakeDynamoDb } from '../harness/aws/fake-dynamodb.ts';
import { createTopic, kafkaClient } from '../harness/kafka/topics.ts';
import { ConsumerProcesses } from './consumer-processes.ts';

const PARTITIONS = 6;
const KILL_EACH_MS = 1500;
/** GATEWAY_CHAOS_S makes it longer: 900 for a quarter of an hour. */
const LENGTH_MS = Number(process.env.GATEWAY_CHAOS_S ?? 12) * 1000;

/** Where groups are kept, on which version of Kafka, and who commits. */
const runs = [
  { keeper: 'Kafka', autoCommit: false },
  { keeper: 'Kafka', autoCommit: true },
  // It has no groups that a gateway could be a member of.
  { keeper: 'DynamoDB', autoCommit: false, version: '3.9.1' },
  ...(process.env.GATEWAY_CHAOS_S === undefined ? [] : [{ keeper: 'DynamoDB', autoCommit: true, version: '3.9.1' }]),
];

for (const { keeper, autoCommit, ...options } of runs) {
  const how = `${autoCommit ? 'with auto commit' : 'with commits'}, in ${keeper}`;
  test(`with poll_id every record is received, ${how}, while processes are killed`, async (t) => {
    await using broker = await startBroker(options);
    const bootstrapServers = broker.bootstrapServers;
    const topic = await createTopic({ partitions: PARTITIONS, bootstrapServers });
    const environment = keeper === 'Kafka' ? {} : await environmentOfTable(t);
    await using processes = new ConsumerProcesses(3, { KAFKA_BOOTSTRAP_SERVERS: bootstrapServers, GATEWAY_AUTH: 'none', ...environment });
    const chaos = new Chaos(processes, topic, autoCommit);
    const producer = kafkaClient(bootstrapServers).producer();
    await producer.connect();

    const consumers = [null, null, 4000, 6000].map((lifeMs, i) => chaos.consume(`c${i}`, lifeMs));
    let produced = 0;
    for (const [began, killed] = [Date.now(), { at: Date.now() }]; Date.now() - began < LENGTH_MS; ) {
      const messages = Array.from({ length: 2 * PARTITIONS }, (_, i) => ({ partition: i % PARTITIONS, value: 'x'.repeat(100) }));
      await producer.send({ topic, messages });
      produced += messages.length;
      await delay(50);
      if (Date.now() - killed.at < KILL_EACH_MS) continue;
      killed.at = Date.now();
      processes.kill();
    }
    for (const until = Date.now() + 60_000; chaos.received.size < produced && Date.now() < until; ) await delay(100);
    chaos.stopped = true;
    await Promise.all(consumers);
    await producer.disconnect();

    const twice = [...chaos.received.values()].filter((times) => times > 1).length;
    console.log(`${produced} records, ${processes.kills} kills, ${twice} received more than once`);
    assert.equal(chaos.received.size, produced);
    assert.deepEqual(chaos.unexpected, []);
  });
}

async function environmentOfTable(t: TestContext): Promise<Record<string, string>> {
  const dynamodb = await startFakeDynamoDb();
  t.after(() => dynamodb.stop());
  return { GATEWAY_CONSUMERS: 'dynamodb', ...dynamodb.environment };
}

class Chaos {
  readonly received = new Map<string, number>();
  readonly unexpected: string[] = [];
  stopped = false;
  readonly #processes: ConsumerProcesses;
  readonly #topic: string;
  readonly #autoCommit: boolean;
  readonly #group = `group-${randomUUID()}`;

  constructor(processes: ConsumerProcesses, topic: string, autoCommit: boolean) {
    this.#processes = processes;
    this.#topic = topic;
    this.#autoCommit = autoCommit;
  }

  /** A client that consumes; one with a life leaves at its end, and comes back. */
  async consume(name: string, lifeMs: number | null): Promise<void> {
    const path = `/consumers/${this.#group}/instances/${name}`;
    while (!this.stopped) {
      const options = { name, 'auto.offset.reset': 'earliest', 'auto.commit.enable': this.#autoCommit };
      await this.#send('POST', `/consumers/${this.#group}`, options, [200, 409]);
      await this.#send('POST', `${path}/subscription`, { topics: [this.#topic] }, [204]);
      for (const until = Date.now() + (lifeMs ?? Number.POSITIVE_INFINITY); !this.stopped && Date.now() < until; ) await this.#poll(path);
      if (!this.stopped) await this.#send('DELETE', path, null, [204, 404]);
    }
  }

  async #poll(path: string): Promise<void> {
    const query = `timeout=150&max_bytes=8000&poll_id=${randomUUID()}`;
    const { status, text } = await this.#send('GET', `${path}/records`, null, [200, 409], query);
    if (status !== 200) return;
    const records: { partition: number; offset: number }[] = JSON.parse(text);
    const last = new Map<number, number>();
    for (const { partition, offset } of records) {
      const place = `${partition}/${offset}`;
      this.received.set(place, (this.received.get(place) ?? 0) + 1);
      last.set(partition, offset);
    }
    if (this.#autoCommit || last.size === 0) return;
    const offsets = [...last].map(([partition, offset]) => ({ topic: this.#topic, partition, offset }));
    await this.#send('POST', `${path}/offsets`, { offsets }, [204, 409]);
  }

  /** Sends a request again until it is answered. */
  async #send(method: string, path: string, body: object | null, expected: number[], query = '') {
    for (;;) {
      const answer = await this.#processes.send(method, path, body, query);
      if (answer === null || answer.status === 503) continue;
      if (!expected.includes(answer.status)) this.unexpected.push(`${method} ${path}: ${answer.status} ${answer.text}`);
      return answer;
    }
  }
}
