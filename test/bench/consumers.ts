import { writeTopic } from '../harness/kafka/records.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { readings } from './readings.ts';
import { ALL_ROUNDS, COMPILED_AFTER, compareCpuOfRecords, type Side, startSide } from './sides.ts';
import { atMost, type Row } from './table.ts';

const RUNS = 100;
const COUNT = 100;
/** One for each run. */
const BATCHES = ALL_ROUNDS * RUNS + 1;

/** Polls 100 readings as a consumer: beside a fetch of as many, and, with a commit, beside kafkajs's consumer. */
export async function* consumers(): AsyncGenerator<Row> {
  const topic = await createTopic();
  const messages = readings(COUNT).map((value) => ({ value }));
  for (let batch = 0; batch < BATCHES; batch++) await writeTopic(topic, messages);
  const bytes = COUNT * messages[0].value.length;
  const [gateway, kafkajs] = [startSide('gateway'), startSide('kafkajs')];
  try {
    await compile(gateway, topic, bytes);
    const [poll, fetch] = await compareCpuOfRecords(
      { side: gateway, task: { kind: 'poll', topic, bytes, commits: false }, runs: RUNS },
      { side: gateway, task: { kind: 'fetch', topic, format: 'json', bytes }, runs: RUNS },
    );
    const cost = poll / fetch;
    yield {
      what: `poll ${COUNT} records, a record`,
      gateway: show(poll),
      other: `(fetch) ${show(fetch)}`,
      ratio: cost,
      target: atMost(1.6, cost),
    };

    const task = { kind: 'poll', topic, bytes, commits: true } as const;
    const [ours, theirs] = await compareCpuOfRecords({ side: gateway, task, runs: RUNS }, { side: kafkajs, task, runs: RUNS });
    yield { what: `poll and commit ${COUNT} records, a record`, gateway: show(ours), other: show(theirs), ratio: ours / theirs };
  } finally {
    gateway.stop();
    kafkajs.stop();
  }
}

/** Polls and fetches until their code is compiled. A consumer has only one batch for each run of a round: others take its place. */
async function compile(side: Side, topic: string, bytes: number): Promise<void> {
  for (let consumer = 1; consumer * BATCHES < COMPILED_AFTER; consumer++) {
    await side.ask({ kind: 'poll', topic, bytes: bytes + consumer, commits: consumer % 2 === 0 }, BATCHES - 1);
    await side.ask({ kind: 'fetch', topic, format: 'json', bytes }, BATCHES - 1);
  }
}

const show = (microseconds: number): string => `${microseconds.toFixed(2)} µs`;
