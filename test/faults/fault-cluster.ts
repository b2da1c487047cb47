import { type Broker, startCluster } from '../../infra/local/broker.ts';
import { freePorts } from '../../infra/local/ports.ts';
import type { NodeSettings } from '../../infra/local/properties.ts';
import { oauthBearerListener } from '../harness/kafka/oauthbearer-broker.ts';
import { startTokenIssuer, type TokenIssuer } from '../harness/kafka/token-issuer.ts';
import { withAdmin } from '../harness/kafka/topics.ts';
import { startTcpProxy, type TcpProxy } from '../harness/proxy/tcp-proxy.ts';
import { until } from '../harness/until.ts';
import type { Scale } from './scale.ts';

const SIZE = 3;
/** Short, so that a frozen function finds its connections closed without waiting for the ten minutes of Kafka's default. */
const IDLE_MS = 5000;
/** A session is renewed when a quarter of it is left, so every nine seconds here: a revoked password shows soon. */
const SESSION_MS = 12_000;

/** Three brokers (replication factor 3, `min.insync.replicas` 2) to inflict faults on. */
export interface FaultCluster extends AsyncDisposable {
  brokers: Broker[];
  /** `host:port` of each broker. */
  bootstrapServers: string;
  /** As {@link FaultCluster.bootstrapServers}, through the proxies, which is also where metadata send clients then. */
  proxiedServers: string;
  /** One in front of each broker. */
  proxies: TcpProxy[];
  /** `host:port` of each broker for SCRAM, whose sessions are short there, and for OAUTHBEARER, where they end with the token. */
  saslServers: string;
  /** Whose tokens the brokers take. */
  issuer: TokenIssuer;
  /** The broker that leads the first partition of a topic. */
  leaderOf(topic: string): Promise<Broker>;
  /** Waits until every replica of a topic is in sync again. */
  whole(topic: string): Promise<void>;
}

/** Starts one; it dies with this process. */
export async function startFaultCluster({ sessionMs }: Scale): Promise<FaultCluster> {
  const ports = await freePorts(SIZE);
  const proxies = await Promise.all(ports.map((port) => startTcpProxy(port)));
  const issuer = await startTokenIssuer();
  const { jvmFlags, properties } = oauthBearerListener(issuer, 'sasl_plaintext');
  const cluster = await startCluster(SIZE, {
    listeners: ['PLAINTEXT', 'SASL_PLAINTEXT'],
    jvmFlags,
    properties: (node) => ({
      ...properties,
      ...proxiedListener(node, ports[node.nodeId - 1], proxies[node.nodeId - 1].port),
      'broker.session.timeout.ms': String(sessionMs),
      'broker.heartbeat.interval.ms': String(Math.min(2000, sessionMs / 6)),
      'connections.max.idle.ms': String(IDLE_MS),
      'listener.name.sasl_plaintext.scram-sha-512.connections.max.reauth.ms': String(SESSION_MS),
    }),
  });
  const { brokers, bootstrapServers } = cluster;
  return {
    brokers,
    bootstrapServers,
    proxies,
    proxiedServers: proxies.map(({ port }) => `127.0.0.1:${port}`).join(),
    issuer,
    saslServers: brokers.map((broker) => broker.address('SASL_PLAINTEXT')).join(),
    async leaderOf(topic) {
      const [{ leader }] = await partitionsOf(topic, bootstrapServers);
      return brokers[leader - 1];
    },
    whole: (topic) => until(() => isWhole(topic, bootstrapServers)),
    async [Symbol.asyncDispose]() {
      await cluster.stop();
      await Promise.all([...proxies.map((proxy) => proxy.close()), issuer.stop()]);
    },
  };
}

/** Adds a listener that clients are sent to through a proxy. */
function proxiedListener({ ports }: NodeSettings, port: number, proxyPort: number): Record<string, string> {
  const own = [...ports].map(([name, number]) => `${name}://127.0.0.1:${number}`);
  const advertised = own.filter((listener) => !listener.startsWith('CONTROLLER'));
  return {
    listeners: [...own, `PROXIED://127.0.0.1:${port}`].join(),
    'advertised.listeners': [...advertised, `PROXIED://127.0.0.1:${proxyPort}`].join(),
    'listener.security.protocol.map':
      'PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,INTERNAL:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT',
  };
}

async function partitionsOf(topic: string, bootstrapServers: string) {
  const { topics } = await withAdmin(bootstrapServers, (admin) => admin.fetchTopicMetadata({ topics: [topic] }));
  return topics[0].partitions;
}

async function isWhole(topic: string, bootstrapServers: string): Promise<boolean> {
  try {
    const partitions = await partitionsOf(topic, bootstrapServers);
    return partitions.every(({ leader, isr }) => leader > 0 && isr.length === SIZE);
  } catch {
    return false; // who cannot even be asked is not whole
  }
}
