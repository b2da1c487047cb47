import { PassThrough } from 'node:stream';
import { after, before } from 'node:test';
import { type Gateway, startGateway } from '../../infra/local/gateway.ts';
import { freePorts } from '../../infra/local/ports.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';

let open: Gateway | undefined;

before(async () => {
  open = await serve({});
});

after(() => open?.stop());

/** URL of a gateway that is open to everyone while the tests run; without a slash at its end. */
export function gateway(): string {
  if (open === undefined) throw new Error('There is a gateway only while tests run.');
  return open.url;
}

/** Serves the shared Kafka as `npm start` does. */
export async function serve(environment: Record<string, string>): Promise<Gateway> {
  const [port] = await freePorts(1);
  const kafka = { KAFKA_BOOTSTRAP_SERVERS: sharedKafka(), KAFKA_SECURITY_PROTOCOL: 'PLAINTEXT' };
  return startGateway(port, { ...kafka, ...environment }, new PassThrough().resume());
}
