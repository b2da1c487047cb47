import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startCluster } from '../../infra/local/broker.ts';
import { createTopics, withAdmin } from '../harness/kafka/topics.ts';
import { cutStreams, recordsFor } from '../harness/streams/cut-streams.ts';
import { serveAlone } from '../harness/streams/gateway-script.ts';
import { until } from '../harness/until.ts';

const BROKERS = 3;
const PARTITIONS = 3;
/** `npm run test:faults -- streams` is a thousand. */
const RECONNECTS = Number(process.env.STREAM_RECONNECTS ?? 60);

test(`streams that are cut ${RECONNECTS} times, while leaders move: nothing is lost, or comes twice, or out of order`, async (t) => {
  const { bootstrapServers, stop } = await startCluster(BROKERS, {});
  t.after(stop);
  const environment = { GATEWAY_AUTH: 'none', KAFKA_BOOTSTRAP_SERVERS: bootstrapServers };
  const gateways = [await serveAlone(t, environment), await serveAlone(t, environment)];
  const topic = 'moving';
  const replicaAssignment = Array.from({ length: PARTITIONS }, (_, partition) => ({ partition, replicas: [brokerOf(partition, 0)] }));
  await createTopics([{ topic, replicaAssignment }], bootstrapServers);
  const over = new AbortController();

  const moving = moveLeaders(bootstrapServers, topic, over.signal);
  const { found, errors } = await cutStreams({
    ...{ urls: gateways.map(({ url }) => url), topic, partitions: PARTITIONS, reconnects: RECONNECTS },
    // kafkajs's producer drops records when leaders move.
    write: (records) => produce(`${gateways[0].url}/topics/${topic}`, records),
  }).finally(() => over.abort());
  const moves = await moving;

  console.log(
    `${RECONNECTS} reconnects, ${recordsFor(RECONNECTS)} records, ${moves} leaders moved, ended with errors: ${errors.join(' ') || 'none'}`,
  );
  assert.ok(moves >= PARTITIONS, `${moves} moves`);
  // Kafka may be away for longer than a stream waits: its client is told so, and comes back.
  for (const code of errors) assert.ok(code === 50003 || code === 50401, `${code}`);
  assert.equal(found.flat().length, recordsFor(RECONNECTS));
  for (const shown of found) {
    assert.deepEqual(
      shown.map(({ offset }) => offset),
      Array.from(shown, (_, n) => n),
    );
  }
});

async function produce(url: string, records: { partition: number; value: string }[]): Promise<void> {
  const body = JSON.stringify({ records: records.map(({ partition, value }) => ({ partition, value: Number(value) })) });
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/vnd.kafka.json.v2+json' }, body });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  for (const { offset } of JSON.parse(text).offsets) assert.equal(typeof offset, 'number', text);
}

const brokerOf = (partition: number, round: number): number => ((partition + round) % BROKERS) + 1;

/** Moves each partition to the next broker, and again, until it is over. Resolves to how many have moved. */
async function moveLeaders(bootstrapServers: string, topic: string, over: AbortSignal): Promise<number> {
  let moves = 0;
  await withAdmin(bootstrapServers, async (admin) => {
    for (let round = 1; !over.aborted; round++) {
      const partitionAssignment = Array.from({ length: PARTITIONS }, (_, partition) => ({
        partition,
        replicas: [brokerOf(partition, round)],
      }));
      await admin.alterPartitionReassignments({ topics: [{ topic, partitionAssignment }] });
      await until(async () => {
        const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
        return topics[0].partitions.every(({ partitionId, leader }) => leader === brokerOf(partitionId, round));
      });
      moves += PARTITIONS;
    }
  });
  return moves;
}
