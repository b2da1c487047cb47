import { once } from 'node:events';
import { createServer } from 'node:http';
import { createTopic } from '../harness/kafka/topics.ts';
import type { Format } from './readings.ts';
import { compareCpu, startSide } from './sides.ts';
import { atMost, type Row } from './table.ts';

/** What Avro may cost of what JSON does. */
const LIMIT = 2;

/** Produces readings as Avro and as JSON, in one process. The registry is asked once, so a stand-in serves. */
export async function* schemas(): AsyncGenerator<Row> {
  const registry = createServer((_, response) => response.end('{"id":1}')).listen(0, '127.0.0.1');
  await once(registry, 'listening');
  const address = registry.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const side = startSide('gateway', { SCHEMA_REGISTRY_URL: `http://127.0.0.1:${port}` });
  try {
    const topic = await createTopic({ configs: { 'max.message.bytes': '10000000' } });
    for (const [count, runs] of [
      [100, 200],
      [1000, 40],
    ]) {
      const by = (format: Format) => ({ side, task: { kind: 'produce', topic, format, count } as const, runs });
      const [avro, json] = await compareCpu(by('avro'), by('json'));
      const cost = (cpu: number) => `${cpu.toFixed(0)} µs, ${(cpu / count).toFixed(2)} µs a record`;
      const ratio = avro / json;
      yield {
        ...{ what: `produce ${count} records, avro; json`, gateway: cost(avro), other: `(gateway) ${cost(json)}`, ratio },
        ...(count === 100 && { target: atMost(LIMIT, ratio) }),
      };
    }
  } finally {
    side.stop();
    registry.close();
  }
}
