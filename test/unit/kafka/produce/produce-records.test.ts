import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { compressionOf } from '../../../../lib/kafka/compression/compress.ts';
import { decompress } from '../../../../lib/kafka/compression/decompress.ts';
import { compressionNames } from '../../../../lib/kafka/compression/names.ts';
import type { OutgoingRecord } from '../../../../lib/kafka/produce/assignment.ts';
import { type ProducedRecord, type ProduceOptions, RecordProducer } from '../../../../lib/kafka/produce/produce-records.ts';
import * as layout from '../../../../lib/kafka/record-batch/layout.ts';
import { readBatches } from '../../../../lib/kafka/record-batch/read.ts';
import { plainStored, recordOf } from '../../../harness/fake-broker/batch-records.ts';
import { answerLost, FakeKafka, refused, requestLost } from '../../../harness/fake-broker/fake-kafka.ts';
import { stopTime, timePasses } from '../../../harness/virtual-time.ts';

const to = (partition: number | null, value: string, topic = 'orders'): OutgoingRecord => ({
  ...recordOf(value, 1_735_689_600_000),
  topic,
  partition,
});

function producerOn(t: TestContext, kafka: FakeKafka) {
  stopTime(t);
  const producer = new RecordProducer(kafka.cluster);
  return (records: OutgoingRecord[], options: Partial<ProduceOptions> = {}) =>
    timePasses(t, producer.produce(records, { acks: -1, compression: null, deadline: Date.now() + 10_000, ...options }));
}

const show = (result: ProducedRecord) => ('error' in result ? result.error.name : `${result.partition}@${result.offset}`);

/** Values of a partition's log, in order. */
async function valuesIn(kafka: FakeKafka, partition: number) {
  const options = { from: 0, aborted: [], maxRecords: 100_000, maxBytes: 1e9, decompress };
  const pages = await Promise.all(kafka.batchesOf(partition).map((batch) => readBatches(batch, 0, batch.length, options)));
  return pages.flatMap(({ records }) => records.map((record) => plainStored(record).value));
}

test('every record has its result in the place of the record', async (t) => {
  const kafka = new FakeKafka([1, 2]);
  const produce = producerOn(t, kafka);

  const results = await produce([to(1, 'a'), to(0, 'b'), to(1, 'c'), to(1, 'd'), to(0, 'e')]);

  assert.deepEqual(results.map(show), ['1@0', '0@0', '1@1', '1@2', '0@1']);
  assert.deepEqual(await valuesIn(kafka, 1), ['a', 'c', 'd']);
  assert.deepEqual(await valuesIn(kafka, 0), ['b', 'e']);
});

test("the time of a record is its own, or Kafka's where the topic keeps the time of appending", async (t) => {
  const kafka = new FakeKafka([1]);
  const produce = producerOn(t, kafka);

  const [own] = await produce([to(0, 'a')]);
  kafka.script(1, (turn) => turn.answer({ error: 0, baseOffset: 7, appendTime: 1_800_000_000_000 }));
  const [appended] = await produce([to(0, 'b')]);

  assert.deepEqual(own, { partition: 0, offset: 0, timestamp: 1_735_689_600_000 });
  assert.deepEqual(appended, { partition: 0, offset: 7, timestamp: 1_800_000_000_000 });
});

test('after a lost answer the time of a record is its own, or that of appending, as it is without', async (t) => {
  const kafka = new FakeKafka([1]);
  const produce = producerOn(t, kafka);
  const records = [3, 9, 6].map((timestamp) => ({ ...to(0, 'a'), timestamp }));
  const timesOf = async () => (await produce(records)).map((result) => ('error' in result ? result.error.name : result.timestamp));

  kafka.script(1, answerLost);
  const own = await timesOf();
  kafka.script(1, answerLost, (turn) => turn.answer({ error: 0, baseOffset: 3, appendTime: 1_800_000_000_000 }));
  const appended = await timesOf();

  assert.deepEqual(own, [3, 9, 6]);
  assert.deepEqual(appended, Array(3).fill(1_800_000_000_000));
});

test('with acks=0 nobody knows the offset', async (t) => {
  const kafka = new FakeKafka([1]);

  const results = await producerOn(t, kafka)([to(0, 'a'), to(0, 'b')], { acks: 0 });

  assert.deepEqual(results.map(show), ['0@-1', '0@-1']);
});

test('what fails fails its own records only', async (t) => {
  const kafka = new FakeKafka([1, 2]);
  kafka.script(2, refused(29));

  const results = await producerOn(t, kafka)([to(0, 'a'), to(1, 'b'), to(9, 'c'), to(0, 'd', 'nope'), to(0, 'e')]);

  assert.deepEqual(results.map(show), ['0@0', 'Forbidden', 'PartitionNotFound', 'TopicNotFound', '0@1']);
});

test('every failure says what became of the records', async (t) => {
  const lost = new FakeKafka([1]);
  lost.always(1, answerLost);
  const unsure = await producerOn(t, lost)([to(0, 'a')], { deadline: Date.UTC(2025, 0, 1) + 1000 });
  t.mock.timers.reset();
  const down = new FakeKafka([1]);
  for (const address of ['broker-1:9092', 'broker-2:9092']) down.cluster.refusals.set(address, () => new Error('refused'));
  const sure = await producerOn(t, down)([to(0, 'a')], { deadline: Date.UTC(2025, 0, 1) + 1000 });

  const messages = [unsure, sure].flat().map((result) => ('error' in result ? result.error.message : assert.fail()));
  assert.match(messages[0], /may have been written/);
  assert.match(messages[1], /were not written/);
});

test('what ends the whole request is the error of all that was not written', async (t) => {
  const kafka = new FakeKafka([1, 2]);
  const produce = producerOn(t, kafka);
  await produce([to(0, 'a'), to(1, 'b')]);
  (await kafka.cluster.connection('broker-2:9092')).close();
  kafka.cluster.refusals.set('broker-2:9092', () => Object.assign(new Error('denied'), { name: 'KafkaJSSASLAuthenticationError' }));

  const results = await produce([to(0, 'c'), to(1, 'd')]);

  assert.deepEqual(results.map(show), ['0@1', 'KafkaAuthentication']);
});

test('nothing is sent where no record can go anywhere', async (t) => {
  const kafka = new FakeKafka([1]);

  const results = await producerOn(t, kafka)([to(3, 'a'), to(0, 'b', 'nope')]);

  assert.deepEqual(results.map(show), ['PartitionNotFound', 'TopicNotFound']);
  assert.deepEqual(kafka.requests, []);
});

test('what is too much for one batch goes in several, one after the other, and in order', async (t) => {
  const kafka = new FakeKafka([1, 1]);
  const large = 'x'.repeat(400_000);

  const results = await producerOn(
    t,
    kafka,
  )([to(0, `1${large}`), to(1, 'small'), to(0, `2${large}`), to(0, `3${large}`), to(0, `4${large}`)]);

  assert.deepEqual(results.map(show), ['0@0', '1@0', '0@1', '0@2', '0@3']);
  assert.deepEqual(
    kafka.requests.map(({ batches }) => batches.map(({ partition }) => partition)),
    [[0, 1], [0]],
  );
  assert.deepEqual(
    (await valuesIn(kafka, 0)).map((value) => value?.[0]),
    ['1', '2', '3', '4'],
  );
});

/** A broker that takes no batch above a size, as the topic's max.message.bytes (error 10) or segment.bytes (18) has it. */
const taking = (kafka: FakeKafka, limit: number, error = 10) =>
  kafka.always(1, (turn) => {
    const tooLarge = kafka.requests.at(-1)?.batches.some(({ bytes }) => bytes.length > limit);
    return tooLarge ? turn.refuse(error) : turn.write();
  });

for (const [limit, error] of [
  ['the topic', 10],
  ['a segment', 18],
] as const) {
  test(`a batch that Kafka finds too large for ${limit} is cut until it fits; the records stay in order`, async (t) => {
    const kafka = new FakeKafka([1]);
    taking(kafka, 1500, error);
    const values = Array.from({ length: 40 }, (_, i) => `${i} ${'x'.repeat(200)}`);

    const results = await producerOn(t, kafka)(values.map((value) => to(0, value)));

    assert.deepEqual(
      results.map(show),
      values.map((_, i) => `0@${i}`),
    );
    assert.deepEqual(await valuesIn(kafka, 0), values);
  });
}

test('what was learnt of the limit serves the next request', async (t) => {
  const kafka = new FakeKafka([1]);
  taking(kafka, 1500);
  const produce = producerOn(t, kafka);
  const records = Array.from({ length: 20 }, () => to(0, 'x'.repeat(200)));
  await produce(records);
  const refusals = kafka.requests.length - kafka.batchesOf(0).length;

  await produce(records);

  assert.ok(refusals > 0);
  assert.equal(kafka.requests.length - kafka.batchesOf(0).length, refusals);
});

test('a record that is too large by itself fails alone', async (t) => {
  const kafka = new FakeKafka([1]);
  taking(kafka, 1500);

  const results = await producerOn(t, kafka)([to(0, 'a'), to(0, 'x'.repeat(3000)), to(0, 'b')]);

  assert.deepEqual(results.map(show), ['0@0', 'TooLarge', '0@1']);
  assert.deepEqual(await valuesIn(kafka, 0), ['a', 'b']);
});

test('records that Kafka names as those it refuses a batch for fail; the others are written', async (t) => {
  const kafka = new FakeKafka([1]);
  kafka.script(1, (turn) => turn.answer({ error: 87, refusedRecords: [1, 3] }));

  const results = await producerOn(t, kafka)(['a', 'b', 'c', 'd'].map((value) => to(0, value)));

  assert.deepEqual(results.map(show), ['0@0', 'InvalidRecord', '0@1', 'InvalidRecord']);
  assert.deepEqual(await valuesIn(kafka, 0), ['a', 'c']);
});

test('where Kafka names no record, or all of them, all fail', async (t) => {
  for (const refusedRecords of [[], [0, 1]]) {
    const kafka = new FakeKafka([1]);
    kafka.script(1, (turn) => turn.answer({ error: 87, refusedRecords }));

    const results = await producerOn(t, kafka)([to(0, 'a'), to(0, 'b')]);

    assert.deepEqual(results.map(show), ['InvalidRecord', 'InvalidRecord']);
    assert.equal(kafka.requests.length, 1);
    t.mock.timers.reset();
  }
});

test('a batch of which an earlier copy may be written is not taken apart', async (t) => {
  const kafka = new FakeKafka([1]);
  kafka.script(1, requestLost, refused(10));

  const results = await producerOn(t, kafka)([to(0, 'a'), to(0, 'b')]);

  assert.deepEqual(results.map(show), ['TooLarge', 'TooLarge']);
  assert.equal(kafka.requests.length, 2);
});

test('batches are compressed as asked', async () => {
  for (const [codec, compression] of compressionNames.entries()) {
    const kafka = new FakeKafka([1]);
    const values = Array.from({ length: 50 }, (_, i) => `value ${i} of many that are much the same`);

    const results = await new RecordProducer(kafka.cluster).produce(
      values.map((value) => to(0, value)),
      { acks: -1, compression: compressionOf(compression), deadline: Date.now() + 10_000 },
    );

    assert.equal(show(results[49]), '0@49');
    assert.equal(kafka.batchesOf(0)[0].readInt16BE(layout.ATTRIBUTES), codec);
    assert.deepEqual(await valuesIn(kafka, 0), values);
  }
});

/** A topic of which the producer knows three partitions, and that was made anew with one. */
async function madeAnew(t: TestContext) {
  const kafka = new FakeKafka([1, 1, 1]);
  const produce = producerOn(t, kafka);
  await produce([to(0, 'a')]);
  kafka.leaders = [1];
  kafka.script(1, refused(3));
  return { kafka, produce };
}

test('records for a partition that the topic no longer has are told so; those whose partition is ours to choose go to another', async (t) => {
  const { kafka, produce } = await madeAnew(t);
  const keyed = { ...to(null, 'c'), key: to(null, 'key').value };

  const results = await produce([to(2, 'b'), keyed, to(null, 'd'), to(1, 'e')]);

  assert.deepEqual(
    results.map((result) => ('error' in result ? [result.error.message, result.maybeWritten] : result.partition)),
    [
      ['Topic orders has no partition 2, as it has 1: use a number from 0 to 0', false],
      0,
      0,
      ['Topic orders has no partition 1, as it has 1: use a number from 0 to 0', false],
    ],
  );
  // The one without a key may have been given the partition that is still there, and have gone first.
  assert.deepEqual((await valuesIn(kafka, 0)).sort(), ['a', 'c', 'd']);
});

test('what may have been written to a partition that is gone is not written to another', async (t) => {
  const { kafka, produce } = await madeAnew(t);
  kafka.script(1, requestLost, refused(3));

  const results = await produce(Array.from({ length: 3 }, (_, i) => to(null, `${i}`.repeat(16_000))));

  const lost = results.filter((result) => 'error' in result);
  assert.deepEqual(
    lost.map(({ error, maybeWritten }) => [error.name, maybeWritten, /may have been written/.test(error.message)]),
    [
      ['PartitionNotFound', true, true],
      ['PartitionNotFound', true, true],
    ],
  );
});
