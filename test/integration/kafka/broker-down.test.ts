import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeClusters } from '../../../lib/clusters/warm-clusters.ts';
import { captureLog } from '../../harness/events/http-event.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { fetchPage, post, produceText } from '../../harness/http/requests.ts';
import { readTopic } from '../../harness/kafka/records.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { type ProxiedKafka, startProxiedKafka } from '../../harness/proxy/proxied-kafka.ts';

let kafka: ProxiedKafka;

before(async () => {
  kafka = await startProxiedKafka();
  configure(kafka.bootstrapServers);
});
after(() => kafka.stop());

test('while the broker is away requests fail in time, or wait for it if they may', async (t) => {
  captureLog(t);
  const topic = await createTopic({ bootstrapServers: kafka.direct });
  await produceText(topic, 'before');

  await kafka.broker.kill();
  // Finds out that the connection is gone.
  await call('GET', '/topics', { remainingMs: 2500 });
  const impatient = await post(`/topics/${topic}`, 'text', { records: [{ value: 'impatient' }] }, { remainingMs: 2500 });
  const warm = post(`/topics/${topic}`, 'text', { records: [{ value: 'warm' }] });
  await kafka.broker.restart();

  assertRefused(impatient, { status: 503, code: 50003, message: /^Kafka cannot be reached .* The records were not written: try again$/ });
  assert.equal((await warm).json.offsets[0].offset, 1);
  const values = (await readTopic(topic, kafka.direct)).map(({ value }) => value?.toString());
  assert.deepEqual(values, ['before', 'warm']);
});

test('a process that begins while no broker is there is served when one comes', async () => {
  const topic = await createTopic({ bootstrapServers: kafka.direct });
  closeClusters();

  await kafka.broker.kill();
  const answers = [
    post(`/topics/${topic}`, 'text', { records: [{ value: 'patient' }] }),
    fetchPage(topic, 'text', 'offset=earliest'),
    call('GET', `/topics/${topic}/offsets`),
    call('GET', '/topics'),
  ];
  await kafka.broker.restart();

  assert.deepEqual(
    (await Promise.all(answers)).map(({ status }) => status),
    [200, 200, 200, 200],
  );
});
