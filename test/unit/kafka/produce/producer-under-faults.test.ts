import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sleep } from '../../../../lib/deadline.ts';
import { type Delivery, delivery } from '../../../../lib/kafka/produce/delivery.ts';
import { Producer } from '../../../../lib/kafka/produce/producer.ts';
import { readBatches } from '../../../../lib/kafka/record-batch/read.ts';
import { writeBatch } from '../../../../lib/kafka/record-batch/write.ts';
import { plainStored, recordOf } from '../../../harness/fake-broker/batch-records.ts';
import { silence } from '../../../harness/fake-broker/fake-cluster.ts';
import {
  answerLost,
  FakeKafka,
  hungUp,
  outOfStep,
  refused,
  requestLost,
  type Turn,
  writtenButAnswered,
} from '../../../harness/fake-broker/fake-kafka.ts';
import { stopTime, timePasses } from '../../../harness/virtual-time.ts';

const PARTITIONS = [0, 1];
const BROKERS = 2;
/** By then every request is over and everything held up was let go. */
const LONGEST_MS = 40_000;

/** A request that is held up in the network and written so many milliseconds later, when nobody waits for it any more. */
const heldUp =
  (ms: number): Turn =>
  (turn) => {
    setTimeout(() => turn.write(), ms);
    return silence();
  };

const turn: fc.Arbitrary<Turn> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Turn>((request) => request.write()) },
  { weight: 3, arbitrary: fc.constantFrom<Turn>(answerLost, requestLost, hungUp) },
  { weight: 2, arbitrary: fc.constantFrom(2, 3, 5, 6, 19, 74).map(refused) },
  { weight: 2, arbitrary: fc.constantFrom(-1, 7, 13, 20, 56).chain((code) => fc.constantFrom(refused(code), writtenButAnswered(code))) },
  { weight: 1, arbitrary: fc.constantFrom(10, 29, 87).map(refused) },
  { weight: 1, arbitrary: fc.constant<Turn>(outOfStep) },
  { weight: 2, arbitrary: fc.integer({ min: 100, max: 15_000 }).map(heldUp) },
);

const request = fc.record({
  at: fc.nat(6000),
  partitions: fc.subarray(PARTITIONS, { minLength: 1 }),
  count: fc.integer({ min: 1, max: 2 }),
  seconds: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 12 })),
});

const scenario = fc.record({
  requests: fc.array(request, { minLength: 1, maxLength: 10 }),
  scripts: fc.array(fc.array(turn, { maxLength: 6 }), { minLength: BROKERS, maxLength: BROKERS }),
  moves: fc.array(
    fc.record({ at: fc.nat(10_000), partition: fc.constantFrom(...PARTITIONS), leader: fc.integer({ min: 1, max: BROKERS }) }),
    {
      maxLength: 4,
    },
  ),
});

/** Values in the log of a partition, by offset. */
async function logOf(kafka: FakeKafka, partition: number): Promise<Map<number, string | null>> {
  const values = new Map<number, string | null>();
  for (const { offset, batch } of kafka.logs[partition].batches) {
    const options = { from: 0, aborted: [], maxRecords: 1000, maxBytes: 1e9, decompress: () => assert.fail() };
    const { records } = await readBatches(batch, 0, batch.length, options);
    for (const record of records.map(plainStored)) values.set(offset + (record.offset ?? 0), record.value);
  }
  return values;
}

interface Sent {
  one: Delivery;
  values: string[];
  began: number;
  ended: number;
}

test('whatever goes wrong: acknowledged is written once and in its place, refused is not written, in doubt is written once at the most', async (t) => {
  stopTime(t);
  await fc.assert(
    fc.asyncProperty(scenario, async ({ requests, scripts, moves }) => {
      const kafka = new FakeKafka([1, 2]);
      await timePasses(t, kafka.cluster.refresh(['orders']));
      const producer = new Producer(kafka.cluster);
      for (const [i, script] of scripts.entries()) kafka.script(i + 1, ...script);
      for (const { at, partition, leader } of moves) {
        setTimeout(() => {
          kafka.leaders[partition] = leader;
        }, at);
      }
      const sent: Sent[] = [];
      const all = requests.map(async ({ at, partitions, count, seconds }, number) => {
        await sleep(at);
        const deadline = Date.now() + seconds * 1000;
        const batches = partitions.map((partition): Sent => {
          const values = Array.from({ length: count }, (_, i) => `request ${number}, partition ${partition}, record ${i}`);
          const batch = writeBatch(values.map((value) => recordOf(value)));
          return { one: delivery('orders', partition, batch, count), values, began: Date.now(), ended: 0 };
        });
        sent.push(...batches);
        const deliveries = batches.map(({ one }) => one);
        await producer.deliver(deliveries, { acks: -1, deadline });
        assert.ok(Date.now() <= deadline + 100, 'nothing outlasts its deadline');
        for (const batch of batches) batch.ended = Date.now();
      });

      await timePasses(t, Promise.all([sleep(LONGEST_MS), ...all]), 50);

      const logs = await Promise.all(PARTITIONS.map((partition) => logOf(kafka, partition)));
      for (const { one, values } of sent) {
        const places = values.map((value) => [...logs[one.partition]].filter(([, written]) => written === value).map(([offset]) => offset));
        const { outcome, maybeWritten } = one;
        if (outcome?.error === 0) {
          assert.deepEqual(
            places,
            values.map((_, i) => [outcome.baseOffset + i]),
          );
        } else if (maybeWritten) assert.ok(places.every(({ length }) => length <= 1));
        else assert.ok(places.every(({ length }) => length === 0));
      }
      const acknowledged = sent.filter(({ one }) => one.outcome?.error === 0);
      for (const first of acknowledged) {
        for (const second of acknowledged) {
          if (first.one.partition !== second.one.partition || first.ended >= second.began) continue;
          assert.ok((first.one.outcome?.baseOffset ?? 0) < (second.one.outcome?.baseOffset ?? 0), 'what was sent later lies behind');
        }
      }
    }),
    { numRuns: 100 },
  );
});
