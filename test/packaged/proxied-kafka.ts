import { startBroker } from '../../infra/local/broker.ts';
import { freePorts } from '../../infra/local/ports.ts';
import { startTcpProxy, type TcpProxy } from '../harness/proxy/tcp-proxy.ts';

/** A Kafka of one broker that clients reach, and are sent to, through a proxy. */
export interface ProxiedKafka {
  proxy: TcpProxy;
  /** `host:port` of the proxy, which is also what metadata say. */
  bootstrapServers: string;
  /** `host:port` of a listener beside the proxy, for the tests' own clients. */
  direct: string;
  /** Lets the proxy forward again. */
  mend(): void;
  stop(): Promise<void>;
}

/** Starts one; `properties` are further lines of server.properties. */
export async function startProxiedKafka(properties: Record<string, string> = {}): Promise<ProxiedKafka> {
  const proxy = await startTcpProxy();
  const [proxied, direct, internal, controller] = await freePorts(4);
  const broker = await startBroker({
    properties: {
      listeners: listeners({ PROXIED: proxied, DIRECT: direct, INTERNAL: internal, CONTROLLER: controller }),
      'advertised.listeners': listeners({ PROXIED: proxy.port, DIRECT: direct, INTERNAL: internal }),
      'listener.security.protocol.map': 'PROXIED:PLAINTEXT,DIRECT:PLAINTEXT,INTERNAL:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT',
      'controller.quorum.voters': `1@127.0.0.1:${controller}`,
      ...properties,
    },
  });
  const mend = () => proxy.forwardTo(proxied);
  mend();
  return {
    proxy,
    bootstrapServers: `127.0.0.1:${proxy.port}`,
    direct: `127.0.0.1:${direct}`,
    mend,
    async stop() {
      await broker.stop();
      await proxy.close();
    },
  };
}

const listeners = (ports: Record<string, number>) =>
  Object.entries(ports)
    .map(([name, port]) => `${name}://127.0.0.1:${port}`)
    .join();
