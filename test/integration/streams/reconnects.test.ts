import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { type GatewayServer, startServer } from '../../../infra/serve/gateway-server.ts';
import { configure } from '../../harness/http/gateway.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic, kafkaClient } from '../../harness/kafka/topics.ts';
import { cutStreams, recordsFor } from '../../harness/streams/cut-streams.ts';

configure(sharedKafka());

const PARTITIONS = 3;
/** `STREAM_RECONNECTS=1000 npm run test:one -- …` is for changes of streams. */
const RECONNECTS = Number(process.env.STREAM_RECONNECTS ?? 200);

suite('streams that are cut', () => {
  let servers: GatewayServer[];

  before(async () => {
    servers = await Promise.all([1, 2].map(() => startServer({ port: 0, host: '127.0.0.1' })));
  });
  after(() => Promise.all(servers.map((server) => server.close(0))));

  test(`${RECONNECTS} times, while records are written: none is lost, none comes twice, all are in order`, async () => {
    const topic = await createTopic({ partitions: PARTITIONS });

    const producer = kafkaClient().producer();
    await producer.connect();
    const { found, errors } = await cutStreams({
      ...{ urls: servers.map(({ url }) => url), topic, partitions: PARTITIONS, reconnects: RECONNECTS },
      write: (messages) => producer.send({ topic, messages }),
    }).finally(() => producer.disconnect());

    assert.deepEqual(errors, []);
    const inOrder = Array.from({ length: recordsFor(RECONNECTS) }, (_, n) => n);
    for (const [partition, shown] of found.entries()) {
      assert.deepEqual(
        shown.map(({ value }) => value),
        inOrder.filter((n) => n % PARTITIONS === partition),
      );
    }
  });
});
