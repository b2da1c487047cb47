import assert from 'node:assert/strict';
import { writeTopic } from '../harness/kafka/records.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { readings } from './readings.ts';
import { compareCpu, startSide } from './sides.ts';
import { atMost, type Row } from './table.ts';

const RUNS = 12;

/** Fetches 1 MiB of readings, as the text of a response. */
export async function* fetch(): AsyncGenerator<Row> {
  const topic = await createTopic();
  const messages = readings(1000).map((value) => ({ value }));
  for (let batch = 0; batch < 12; batch++) await writeTopic(topic, messages);

  const gateway = startSide('gateway');
  const kafkajs = startSide('kafkajs');
  try {
    for (const format of ['json', 'binary'] as const) {
      const task = { kind: 'fetch', topic, format } as const;
      const [ours, theirs] = await Promise.all([gateway.ask(task, 1), kafkajs.ask(task, 1)]);
      assert.equal(ours.digest, theirs.digest, 'both sides make the same text');

      const [cpu, other] = await compareCpu({ side: gateway, task, runs: RUNS }, { side: kafkajs, task, runs: RUNS });
      const ratio = cpu / other;
      yield { what: `fetch 1 MiB, ${format}`, gateway: show(cpu), other: show(other), ratio, target: atMost(0.4, ratio) };
    }
  } finally {
    gateway.stop();
    kafkajs.stop();
  }
}

const show = (microseconds: number): string => `${(microseconds / 1000).toFixed(1)} ms`;
