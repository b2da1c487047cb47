import { type Broker, type BrokerOptions, startBroker } from '../../../infra/local/broker.ts';
import { freePorts } from '../../../infra/local/ports.ts';
import { type KafkaProxy, startKafkaProxy } from './kafka-proxy.ts';

/** A broker that the gateway can only reach through a proxy, because metadata contain the proxy's address. */
export interface ProxiedKafka {
  proxy: KafkaProxy;
  broker: Broker;
  /** `host:port` of the proxy. */
  bootstrapServers: string;
  /** The port of the listener behind the proxy. */
  port: number;
  /** `host:port` of a listener besides the proxy, for the tests' own clients. */
  direct: string;
  stop(): Promise<void>;
}

/** Starts one; `properties` are added to server.properties. */
export async function startProxiedKafka({
  properties,
  ...options
}: Pick<BrokerOptions, 'properties' | 'acls' | 'jvmFlags'> = {}): Promise<ProxiedKafka> {
  const proxy = await startKafkaProxy();
  const [proxied, direct, internal, controller] = await freePorts(4);
  const ports = { PROXIED: proxied, DIRECT: direct, INTERNAL: internal, CONTROLLER: controller };
  proxy.forwardTo(proxied);
  const starting = startBroker({
    ...options,
    properties: {
      listeners: listeners(ports),
      'advertised.listeners': listeners({ PROXIED: proxy.port, DIRECT: direct, INTERNAL: internal }),
      'listener.security.protocol.map': 'PROXIED:PLAINTEXT,DIRECT:PLAINTEXT,INTERNAL:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT',
      'controller.quorum.voters': `1@127.0.0.1:${controller}`,
      ...properties,
    },
  });
  const broker = await starting.catch(async (error: unknown) => {
    await proxy.close();
    throw error;
  });
  return {
    proxy,
    broker,
    bootstrapServers: `127.0.0.1:${proxy.port}`,
    port: proxied,
    direct: `127.0.0.1:${direct}`,
    async stop() {
      await broker.stop();
      await proxy.close();
    },
  };
}

const listeners = (ports: Record<string, number>): string =>
  Object.entries(ports)
    .map(([name, port]) => `${name}://127.0.0.1:${port}`)
    .join();
