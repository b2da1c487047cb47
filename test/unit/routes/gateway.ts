import { after, before, type TestContext } from 'node:test';
import { closeClusters } from '../../../lib/clusters/warm-clusters.ts';
import type { GatewayHandler } from '../../../lib/http/gateway-handler.ts';
import { captureLog, httpEvent, lambdaContext } from '../../harness/events/http-event.ts';
import { keys, type MetadataContent } from '../../harness/fake-broker/broker-side.ts';
import { FakeBroker, type Respond } from '../../harness/fake-broker/fake-broker.ts';
import { withMetadata } from '../../harness/fake-broker/fake-cluster.ts';

interface Request {
  query?: string;
  headers?: Record<string, string>;
  body?: string;
  isBase64Encoded?: boolean;
  authorizer?: object;
}

/** A function of the gateway, in this process, in front of one broker. One for each test file: the configuration is read once. */
export function gatewayWith(handler: GatewayHandler, environment: Record<string, string> = {}) {
  let broker: FakeBroker;
  before(async () => {
    broker = await FakeBroker.listen((request) => (request.key === keys.apiVersions ? broker.apiVersions() : Buffer.alloc(0)));
    Object.assign(process.env, { KAFKA_BOOTSTRAP_SERVERS: broker.address }, environment);
  });
  after(async () => {
    closeClusters();
    await broker.stop();
  });

  /** Lets the broker, which is number 1, have these topics, and answer everything else as `others` does. */
  const kafkaHas = (content: MetadataContent, others: Respond): void => {
    const described = { brokers: [{ id: 1, host: '127.0.0.1', port: broker.port }], controller: 1, ...content };
    const respond = withMetadata(() => described, others);
    broker.respond = (request) => (request.key === keys.apiVersions ? broker.apiVersions() : respond(request));
  };

  /** Sends a request; the body of the answer is parsed when it is asked for; null where there is none. */
  const send = async (t: TestContext, method: string, path: string, request: Request = {}, remainingMs?: number) => {
    const logged = captureLog(t);
    const { statusCode: status, headers, body: text } = await handler(httpEvent(method, path, request), lambdaContext(remainingMs));
    return {
      status,
      headers,
      text,
      logged,
      get body() {
        return JSON.parse(text || 'null');
      },
    };
  };
  return { kafkaHas, send };
}
