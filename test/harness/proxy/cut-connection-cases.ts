import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { type Broker, startBroker } from '../../../infra/local/broker.ts';
import { certificates } from '../../../infra/local/certificates.ts';
import { call, configure } from '../http/gateway.ts';
import { fetchPage, produceText } from '../http/requests.ts';
import { readTopic } from '../kafka/records.ts';
import { createTopic } from '../kafka/topics.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** Longer than what one TLS record holds: connections break between two of them, too. */
const LONG = 40_000;
const [first, second] = ['A', 'B'].map((letter) => letter.repeat(LONG));

/** Registers tests of connections that break in the middle of a frame. A process has one configuration: call it once in a file. */
export function cutConnections(protocol: 'PLAINTEXT' | 'SSL'): void {
  let proxy: TcpProxy;
  let broker: Broker;
  let topic: string;

  before(async () => {
    proxy = await startTcpProxy();
    const proxied = `127.0.0.1:${proxy.port}`;
    broker = await startBroker({
      listeners: [protocol, 'SASL_PLAINTEXT'],
      // The second listener, without SASL, is the tests' own way past the proxy.
      properties: ({ ports }) => ({
        'listener.security.protocol.map': `${protocol}:${protocol},SASL_PLAINTEXT:PLAINTEXT,INTERNAL:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT`,
        'advertised.listeners': [
          `${protocol}://${proxied}`,
          ...(['SASL_PLAINTEXT', 'INTERNAL'] as const).map((name) => `${name}://127.0.0.1:${ports.get(name)}`),
        ].join(),
      }),
    });
    proxy.forwardTo(Number(broker.address(protocol).split(':')[1]));
    const { ca } = await certificates();
    configure(proxied, { KAFKA_SECURITY_PROTOCOL: protocol, ...(protocol === 'SSL' && { KAFKA_SSL_CA: ca }) });
  });
  after(async () => {
    await broker.stop();
    await proxy.close();
  });
  beforeEach(async () => {
    topic = await createTopic({ bootstrapServers: broker.address('SASL_PLAINTEXT') });
    await produceText(topic, first);
    proxy.startCounting();
  });

  const values = async () => (await readTopic(topic, broker.address('SASL_PLAINTEXT'))).map(({ value }) => value?.toString());

  for (const how of ['end', 'reset'] as const) {
    // Within the size of a frame or the header of a TLS record; within the header of the frame; within its middle.
    for (const bytes of [1, 3, 7, 60]) {
      for (const direction of ['requests', 'answers'] as const) {
        const broken = () => proxy.cutAfter(bytes, direction, how);

        test(`a connection that breaks (${how}) after ${bytes} bytes of ${direction} fails no request and writes nothing twice`, async () => {
          broken();
          const { offset } = await produceText(topic, second);
          broken();
          const page = await fetchPage(topic, 'text', 'offset=0');
          broken();
          const offsets = await call<{ end_offset: number }[]>('GET', `/topics/${topic}/offsets`);
          broken();
          const partitions = await call<unknown[]>('GET', `/topics/${topic}/partitions`);

          assert.deepEqual([offset, offsets.json[0].end_offset, partitions.json.length], [1, 2, 1]);
          assert.deepEqual(
            page.json.map(({ value }) => value),
            [first, second],
          );
          assert.deepEqual(await values(), [first, second]);
          assert.equal(proxy.connections(), 4);
        });
      }
    }

    test(`a connection that breaks (${how}) between two parts of a long record fails no request and writes nothing twice`, async () => {
      proxy.cutAfter(LONG / 2, 'requests', how);
      const { offset } = await produceText(topic, second);
      proxy.cutAfter(LONG / 2, 'answers', how);
      const page = await fetchPage(topic, 'text', 'offset=0');

      assert.equal(offset, 1);
      assert.deepEqual(
        page.json.map(({ value }) => value),
        [first, second],
      );
      assert.deepEqual(await values(), [first, second]);
      assert.equal(proxy.connections(), 2);
    });
  }

  if (protocol === 'PLAINTEXT') return;
  for (const direction of ['requests', 'answers'] as const) {
    const damaged = () => proxy.damageNext(direction);

    test(`${direction} that are damaged on their way fail no request and are written once`, async () => {
      damaged();
      const { offset } = await produceText(topic, second);
      damaged();
      const page = await fetchPage(topic, 'text', 'offset=0');
      damaged();
      const partitions = await call<unknown[]>('GET', `/topics/${topic}/partitions`);

      assert.deepEqual([offset, page.json.length, partitions.json.length], [1, 2, 1]);
      assert.deepEqual(await values(), [first, second]);
      assert.equal(proxy.connections(), 3);
    });
  }
}
