import { writeTopic } from '../harness/kafka/records.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { readings } from './readings.ts';
import { type Contender, compareCpuOfRecords, startSide } from './sides.ts';
import { atMost, type Row } from './table.ts';

const RUNS = 12;
/** Of all partitions together: about 1.6 MB. */
const BATCHES = 96;
/** Of a batch: producers send no more than 16 KB at a time unless they are told to. */
const RECORDS = 150;

/** Pages of 1 MiB of readings over many partitions; beside them, fetches of as much from one partition, all by the gateway. */
export async function* pages(): AsyncGenerator<Row> {
  const one = await topicWith(1);
  const side = startSide('gateway');
  try {
    const fetchOne: Contender = { side, task: { kind: 'fetch', topic: one, format: 'json' }, runs: RUNS };
    for (const [partitions, limit] of [
      [1, null],
      [12, 1],
      [48, null],
      [192, null],
    ] as const) {
      const topic = await topicWith(partitions);
      const [page, fetch] = await compareCpuOfRecords(
        { side, task: { kind: 'page', topic, partitions, format: 'json' }, runs: RUNS },
        fetchOne,
      );
      const ratio = page / fetch;
      yield {
        what: `page of 1 MiB, ${partitions === 1 ? 'one partition' : `${partitions} partitions`}, a record`,
        gateway: show(page),
        other: `(fetch) ${show(fetch)}`,
        ratio,
        ...(limit !== null && { target: atMost(limit, ratio, 0.1) }),
      };
    }
  } finally {
    side.stop();
  }
}

/** More than a page has, spread evenly. */
async function topicWith(partitions: number): Promise<string> {
  const topic = await createTopic({ partitions });
  const values = readings(RECORDS);
  for (let batch = 0; batch < BATCHES / partitions; batch++) {
    const messages = Array.from({ length: partitions }, (_, partition) => values.map((value) => ({ partition, value }))).flat();
    await writeTopic(topic, messages);
  }
  return topic;
}

const show = (microseconds: number): string => `${microseconds.toFixed(2)} µs`;
