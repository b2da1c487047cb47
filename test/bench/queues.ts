import { writeTopic } from '../harness/kafka/records.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { readings } from './readings.ts';
import { ALL_ROUNDS, compareCpuOfRecords, startSide } from './sides.ts';
import type { Row } from './table.ts';

/** So many that the first rounds have the code compiled. */
const RUNS = 100;
const COUNT = 100;
/** One for each run. */
const BATCHES = ALL_ROUNDS * RUNS + 1;

/** Receives 100 readings from a queue and acknowledges them; beside that, a fetch of about as many, by the gateway as well. */
export async function* queues(): AsyncGenerator<Row> {
  const topic = await createTopic();
  const messages = readings(COUNT).map((value) => ({ value }));
  // As producers send them unless they are told otherwise: brokers give whole batches, of which a receive takes its part.
  for (let batch = 0; batch < BATCHES; batch++) await writeTopic(topic, messages);
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
