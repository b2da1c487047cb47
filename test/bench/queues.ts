import { writeTopic } from '../harness/kafka/records.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { readings } from './readings.ts';
import { compareCpuOfRecords, startSide } from './sides.ts';
import type { Row } from './table.ts';

const RUNS = 6;
const COUNT = 100;
/** Enough for every run, and the first one besides. */
const BATCHES = 25;
const BATCH = 1000;

/** Receives 100 readings from a queue and acknowledges them; beside that, a fetch of about as many, by the gateway as well. */
export async function* queues(): AsyncGenerator<Row> {
  const topic = await createTopic();
  const messages = readings(BATCH).map((value) => ({ value }));
  // As producers send them unless they are told otherwise: brokers give whole batches, of which a receive takes its part.
  for (let batch = 0; batch < (BATCHES * BATCH) / COUNT; batch++) await writeTopic(topic, messages.slice(0, COUNT));
  const side = startSide('gateway');
  try {
    const [queue, fetch] = await compareCpuOfRecords(
      { side, task: { kind: 'queue', topic, count: COUNT }, runs: RUNS },
      { side, task: { kind: 'fetch', topic, format: 'json', bytes: COUNT * messages[0].value.length }, runs: RUNS },
    );
    yield {
      what: `receive and acknowledge ${COUNT} records, a record`,
      gateway: `${queue.toFixed(2)} µs`,
      other: `(fetch) ${fetch.toFixed(2)} µs`,
      ratio: queue / fetch,
    };
  } finally {
    side.stop();
  }
}
