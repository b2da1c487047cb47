import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configure } from '../../../harness/http/gateway.ts';
import { produce } from '../../../harness/http/requests.ts';
import { sharedKafka } from '../../../harness/kafka/shared-kafka.ts';
import { createTopic, createTopics } from '../../../harness/kafka/topics.ts';
import { until } from '../../../harness/until.ts';
import { compare, count, type PeerCase, type PeerClient, runCase } from './peer-client.ts';

// What Karapace is tested for in its own integration tests of REST consumers, in our words. Those that need a schema registry are in
// test/registry/karapace.test.ts.
configure(sharedKafka());

const OPTIONS = {
  ...{ name: 'c', format: 'json', 'auto.offset.reset': 'earliest', 'auto.commit.enable': 'true' },
  ...{ 'consumer.request.timeout.ms': 11_000, 'topic.metadata.refresh.interval.ms': 100 },
};
const place = (topic: string) => ({ topic, partition: 0 });
const committed = async (client: PeerClient, topic: string): Promise<unknown> =>
  (await client.send('GET', '/offsets', { partitions: [place(topic)] })).json.offsets;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Cases that are run with a slash behind each path, and without. */
const onAnyPath: PeerCase[] = [
  {
    name: 'a consumer is created once until it is deleted',
    peer: [200, 409, 422, 204, 200, 404],
    async run(client) {
      await client.create(OPTIONS);
      await client.create(OPTIONS);
      await client.create({ ...OPTIONS, 'fetch.min.bytes': -10 });
      await client.remove();
      await client.create(OPTIONS);
      await client.remove('random');
    },
  },
  {
    name: 'a partition is assigned',
    peer: [200, 200, 204, 200],
    async run(client) {
      const topic = await createTopic();
      await client.create(OPTIONS);
      const before = (await client.send('GET', '/assignments')).json;
      await client.assign(place(topic));
      const after = (await client.send('GET', '/assignments')).json;
      assert.deepEqual([before, after], [{ partitions: [] }, { partitions: [place(topic)] }]);
    },
  },
  {
    name: 'topics, then a pattern are subscribed to, and both at once, or partitions beside them, are refused',
    peer: [200, 200, 204, 200, 200, 204, 200, 204, 200, 200, 200, 409, 409, 422, 422],
    async run(client) {
      const topic = await createTopic();
      await client.create({ ...OPTIONS, format: 'binary' });
      client.accept = 'application/vnd.kafka.binary.v2+json';
      const told = async () => {
        const { topics } = (await client.send('GET', '/subscription')).json;
        return Array.isArray(topics) ? topics.map(String).sort() : topics;
      };
      const seen = [await told()];
      await client.subscribe(topic);
      seen.push(await told());
      await produce(topic, 'text', Array(3).fill({ value: 'foo' }));
      const first = await client.poll();
      await client.send('DELETE', '/subscription');
      seen.push(await told());
      const topics = [0, 1, 2].map((i) => `${client.group}-${i}`);
      await createTopics(topics.map((name) => ({ topic: name })));
      await client.send('POST', '/subscription', { topic_pattern: `${client.group}.*` });
      await client.poll({ timeout: 0 });
      // Kafka evaluates patterns now and then.
      await until(async () => (await client.quietly('GET', '/assignments')).text.split('partition":').length === 4);
      seen.push(await told());
      for (const name of topics) await produce(name, 'text', Array(3).fill({ value: 'bar' }));
      const second = await client.poll({ max_bytes: 100_000 });
      await client.send('POST', '/subscription', { topics: [topic], topic_pattern: 'baz' });
      await client.assign(place(topic));
      await client.send('POST', '/subscription', { topics: topic });
      await client.send('POST', '/subscription', { topic_pattern: ['not', 'a', 'string'] });
      assert.deepEqual(seen, [[], [topic], [], topics]);
      assert.deepEqual([first.length, second.length], [3, 9]);
    },
  },
  {
    name: 'a consumer seeks in what is assigned, and nowhere else',
    peer: [200, 204, 204, 204, 204, 409],
    async run(client) {
      const topic = await createTopic();
      await client.create(OPTIONS);
      await client.assign(place(topic));
      await client.send('POST', '/positions', { offsets: [{ ...place(topic), offset: 10 }] });
      for (const end of ['beginning', 'end']) await client.send('POST', `/positions/${end}`, { partitions: [place(topic)] });
      await client.send('POST', '/positions', { offsets: [{ ...place('faulty'), offset: 10 }] });
    },
  },
  {
    name: 'offsets are committed one further, and told',
    peer: [200, 204, 204, 200, 204, 200],
    async run(client) {
      const topic = await createTopic();
      await client.create({ ...OPTIONS, format: 'binary' });
      await client.assign(place(topic));
      for (const offset of [0, 1]) {
        await client.send('POST', '/offsets', { offsets: [{ ...place(topic), offset }] });
        assert.deepEqual(await committed(client, topic), [{ ...place(topic), offset: offset + 1, metadata: '' }]);
      }
    },
  },
  {
    name: 'what was received is committed, where no offsets are named',
    peer: [200, 204, 204, 200, 204, 200, 204, 200],
    async run(client) {
      const topic = await createTopic();
      await client.create({ ...OPTIONS, format: 'binary', 'auto.commit.enable': 'false' });
      client.accept = 'application/vnd.kafka.binary.v2+json';
      await client.assign(place(topic));
      await produce(topic, 'text', [{ value: 'message-value' }]);
      await client.send('POST', '/offsets', {});
      await client.poll();
      await client.send('POST', '/offsets', {});
      assert.deepEqual(await committed(client, topic), [{ ...place(topic), offset: 1, metadata: '' }]);
      await client.send('POST', '/offsets', { offsets: [{ ...place(topic), offset: 1 }] });
      assert.deepEqual(await committed(client, topic), [{ ...place(topic), offset: 2, metadata: '' }]);
    },
  },
  {
    name: 'records are read as JSON and as bytes',
    peer: [200, 204, 204, 200, 204, 200, 204, 204, 200, 204],
    async run(client) {
      for (const format of ['binary', 'json'] as const) {
        const records = await readAll(client, format, [{ value: { foo: 'bar0' } }, { value: { foo: 'bar1' } }]);
        const values = records.map(({ value }) =>
          format === 'json' ? value : JSON.parse(Buffer.from(String(value), 'base64').toString()),
        );
        assert.deepEqual(values, [{ foo: 'bar0' }, { foo: 'bar1' }]);
        await client.remove();
      }
    },
  },
];

/** Assigns a partition, goes to its beginning, and reads what was written. */
async function readAll(client: PeerClient, format: 'binary' | 'json', values: object[], query: Record<string, number> = {}) {
  const topic = await createTopic();
  await produce(topic, 'json', values);
  client.accept = `application/vnd.kafka.${format}.v2+json`;
  await client.create({ ...OPTIONS, format });
  await client.assign(place(topic));
  await client.send('POST', '/positions/beginning', { partitions: [place(topic)] });
  return client.poll(query);
}

/** Reads many records with some limit. */
const reads = (name: string, values: object[], query: Record<string, number>, isRight: (count: number) => boolean): PeerCase => ({
  name,
  peer: [200, 204, 204, 200],
  async run(client) {
    const records = await readAll(client, 'binary', values, query);
    assert.ok(isRight(records.length), `${records.length} records`);
    assert.deepEqual(
      records.map(({ offset }) => offset),
      records.map((_, i) => i),
    );
  },
});

const many = (size: number, length = 1) => Array.from({ length: size }, (_, i) => ({ value: `${i}-`.padEnd(length, 'x') }));

/** Karapace refuses to read what is not of the format. */
const undecodable = (format: 'binary' | 'json'): PeerCase => ({
  name: `bytes are read as ${format}`,
  peer: [200, 204, format === 'json' ? 422 : 200],
  gateway: [200, 204, 200],
  async run(client) {
    const topic = await createTopic();
    await produce(topic, 'text', [{ value: 'test' }]);
    await client.create({ ...OPTIONS, format });
    client.accept = `application/vnd.kafka.${format}.v2+json`;
    await client.assign(place(topic));
    const [{ value, error }] = await client.poll();
    assert.deepEqual([value, error?.error_code], format === 'json' ? [null, 40801] : [base64('test'), undefined]);
  },
});

const onOnePath: PeerCase[] = [
  reads('a hundred records are read at once', many(100), { timeout: 10_000 }, (count) => count >= 90),
  reads('max_bytes limits how many records are read', many(50, 1000), { max_bytes: 10_000 }, (count) => count > 0 && count < 15),
  reads('with the smallest max_bytes a record is read', many(5), { max_bytes: 10 }, (count) => count === 1 || count === 2),
  reads('two hundred records are read at once', many(200), { max_bytes: 1_000_000 }, (count) => count >= 180),
  undecodable('binary'),
  undecodable('json'),
  {
    name: 'a poll waits for as long as it says, and else as long as its instance does',
    peer: [200, 204, 200, 200],
    async run(client) {
      const topic = await createTopic();
      await client.create({ ...OPTIONS, 'consumer.request.timeout.ms': 600 });
      await client.assign(place(topic));
      const began = Date.now();
      assert.deepEqual(await client.poll({ timeout: 300 }), []);
      assert.deepEqual((await client.send('GET', '/records')).json, []);
      assert.ok(Date.now() - began >= 900);
    },
  },
];

for (const trail of ['', '/']) {
  for (const one of onAnyPath) test(`${one.name}, behind its path ${JSON.stringify(trail)} (${compare(one)})`, () => runCase(one, trail));
}
for (const one of onOnePath) test(`${one.name} (${compare(one)})`, () => runCase(one));

test('as many cases as the documentation says are answered as by Karapace', () => {
  assert.deepEqual(count([...onAnyPath, ...onAnyPath, ...onOnePath]), {
    all: 21,
    same: 20,
    'refused with another status': 0,
    otherwise: 1,
  });
});
