import { compressionNames } from '../../lib/kafka/compression/names.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import type { Format } from './readings.ts';
import { COMPILED_AFTER, compareCpu, type Side, startSide } from './sides.ts';
import { atMost, type Row, type Target } from './table.ts';
import type { Task } from './tasks.ts';

/** So large that kafkajs can write 10,000 records, which it puts into one batch. */
const MAX_MESSAGE_BYTES = '10000000';

/** How often a request of so many records is sent in a round. */
const RUNS = new Map([
  [1, 800],
  [100, 200],
  [1000, 40],
  [10_000, 4],
]);

/** Produces readings, one request after the other, each side to a topic of its own with one partition, acks=all. */
export async function* produce(): AsyncGenerator<Row> {
  const sides = {
    gateway: startSide('gateway'),
    logging: startSide('gateway', { GATEWAY_LOG_LEVEL: 'info' }),
    kafkajs: startSide('kafkajs'),
  };
  try {
    yield* compare(sides);
  } finally {
    for (const side of Object.values(sides)) side.stop();
  }
}

async function* compare({ gateway, logging, kafkajs }: Record<'gateway' | 'logging' | 'kafkajs', Side>): AsyncGenerator<Row> {
  const configs = { 'max.message.bytes': MAX_MESSAGE_BYTES };
  const ours = await createTopic({ configs });
  const theirs = await createTopic({ configs });
  const byGateway = (count: number, format: Format = 'json', side = gateway) =>
    contender(side, { kind: 'produce', topic: ours, format, count });
  const byKafkajs = (count: number) => contender(kafkajs, { kind: 'produce', topic: theirs, format: 'json', count });

  // First, so that the code which all requests run has been compiled by the time of the smallest.
  const larger: Row[] = [];
  for (const [count, limit] of [
    [100, 0.4],
    [1000, 0.2],
  ] as const) {
    const [cpu, other] = await compareCpu(byGateway(count), byKafkajs(count));
    larger.push(row(`produce ${count} records, json`, count, cpu, other, atMost(limit, cpu / other)));
  }

  const smallest = [byGateway(1), byGateway(1, 'json', logging), byKafkajs(1)];
  for (const { side, task } of smallest) await side.ask(task, COMPILED_AFTER);
  const [one, logged, base] = await compareCpu(...smallest);
  yield row('produce 1 record, json', 1, one, base, atMost(0.9, one / base));
  yield row('the same, with a line in the log', 1, logged, base);

  yield* larger;

  const [many, thousand, other] = await compareCpu(byGateway(10_000), byGateway(1000), byKafkajs(10_000));
  const growth = many / 10 / thousand;
  yield row('produce 10,000 records, json', 10_000, many, other);
  yield {
    what: 'a record of 10,000; one of 1000',
    gateway: perRecord(many, 10_000),
    other: `(gateway) ${perRecord(thousand, 1000)}`,
    ratio: growth,
    target: atMost(1, growth, 0.1),
  };

  for (const format of ['binary', 'text'] as const) {
    for (const count of [100, 1000]) {
      const [cpu, send] = await compareCpu(byGateway(count, format), byKafkajs(count));
      yield row(`produce ${count} records, ${format}`, count, cpu, send);
    }
  }

  const compressed = compressionNames.map((compression) =>
    contender(gateway, { kind: 'produce', topic: ours, format: 'json', count: 100, compression }),
  );
  for (const [i, cpu] of (await compareCpu(...compressed)).entries()) {
    yield { what: `produce 100 records, json, ${compressionNames[i]}`, gateway: cost(cpu, 100) };
  }
}

const contender = (side: Side, task: Task & { kind: 'produce' }) => ({ side, task, runs: RUNS.get(task.count) ?? 1 });

const row = (what: string, count: number, gateway: number, kafkajs: number, target?: Target): Row => ({
  ...{ what, gateway: cost(gateway, count), other: cost(kafkajs, count), ratio: gateway / kafkajs },
  ...(target && { target }),
});

const cost = (cpu: number, count: number): string =>
  count === 1 ? `${cpu.toFixed(0)} µs` : `${cpu.toFixed(0)} µs, ${perRecord(cpu, count)}`;
const perRecord = (cpu: number, count: number): string => `${(cpu / count).toFixed(2)} µs a record`;
