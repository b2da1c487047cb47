import { PassThrough } from 'node:stream';
import { after, before } from 'node:test';
import { type Gateway, startGateway } from '../../infra/local/gateway.ts';
import { freePorts } from '../../infra/local/ports.ts';
import { sharedKafka } from '../kafka/shared-kafka.ts';

let started: Gateway | undefined;

before(async () => {
  const [port] = await freePorts(1);
  const kafka = { KAFKA_BOOTSTRAP_SERVERS: sharedKafka(), KAFKA_SECURITY_PROTOCOL: 'PLAINTEXT' };
  started = await startGateway(port, kafka, new PassThrough().resume());
});

after(() => started?.stop());

/** URL of a gateway that serves the shared Kafka, as `npm start` does, while the tests run; without a slash at its end. */
export function gateway(): string {
  if (started === undefined) throw new Error('There is a gateway only while tests run.');
  return started.url;
}
