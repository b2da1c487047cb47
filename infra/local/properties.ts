import type { Certificates } from './certificates.ts';

/** A listener for clients, named by its security protocol. */
export type ListenerName = 'PLAINTEXT' | 'SASL_PLAINTEXT' | 'SSL' | 'SASL_SSL';

/** Users of the SASL listeners (PLAIN, SCRAM-SHA-256, SCRAM-SHA-512) and their passwords. With ACLs, `admin` may do everything. */
export const users = { alice: 'alice-secret', admin: 'admin-secret' };

/** The settings that differ between nodes on one machine. */
export interface NodeSettings {
  nodeId: number;
  /** The directory of the node's log. */
  dataDir: string;
  /** The port of every listener: those for clients, INTERNAL between brokers, CONTROLLER between controllers. */
  ports: Map<ListenerName | 'INTERNAL' | 'CONTROLLER', number>;
  /** The CONTROLLER port of every node of the cluster, by node id. */
  controllers: Map<number, number>;
  /** The certificates for listeners with TLS. */
  certificates: Certificates | undefined;
  /** `host:port` of the ZooKeeper with the cluster's metadata; null if the controllers have it. */
  zookeeper: string | null;
  /** Whether only what ACLs allow is allowed. */
  acls: boolean;
}

/** The text of a server.properties file; `overrides` replace properties. */
export function serverProperties(settings: NodeSettings, overrides: Record<string, string> = {}): string {
  const properties = {
    ...clusterProperties(settings),
    ...listenerProperties(settings),
    ...saslProperties(),
    ...tlsProperties(settings.certificates),
    ...(settings.acls ? aclProperties : {}),
    ...economies,
    ...(settings.controllers.size === 1 ? quickFailover : {}),
    ...overrides,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

function clusterProperties({ nodeId, dataDir, controllers, zookeeper }: NodeSettings): Record<string, string> {
  const replicas = String(Math.min(controllers.size, 3));
  const inSync = controllers.size < 3 ? '1' : '2';
  const quorum = {
    'process.roles': 'broker,controller',
    'node.id': String(nodeId),
    'controller.quorum.voters': [...controllers].map(([id, port]) => `${id}@127.0.0.1:${port}`).join(),
    'controller.listener.names': 'CONTROLLER',
  };
  return {
    ...(zookeeper === null ? quorum : { 'broker.id': String(nodeId), 'zookeeper.connect': zookeeper }),
    'log.dirs': dataDir,
    'auto.create.topics.enable': 'false',
    // Examples and tests have timestamps of years ago: by default, a broker would begin to delete them half a minute after its start.
    'log.retention.ms': '-1',
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
  };
}

function listenerProperties({ ports, zookeeper }: NodeSettings): Record<string, string> {
  const own = [...ports].filter(([name]) => zookeeper === null || name !== 'CONTROLLER');
  const listeners = own.map(([name, port]) => `${name}://127.0.0.1:${port}`);
  return {
    listeners: listeners.join(),
    'advertised.listeners': listeners.filter((listener) => !listener.startsWith('CONTROLLER')).join(),
    'listener.security.protocol.map': own.map(([name]) => `${name}:${securityProtocol(name)}`).join(),
    'inter.broker.listener.name': 'INTERNAL',
  };
}

// Nodes connect to each other as the user admin, so that ACLs can tell them from anonymous clients.
const securityProtocol = (name: string) => (name === 'INTERNAL' || name === 'CONTROLLER' ? 'SASL_PLAINTEXT' : name);

function saslProperties(): Record<string, string> {
  const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  const known = Object.entries(users).map(([user, password]) => `user_${user}="${password}"`);
  const asAdmin = `${plain} username="admin" password="${users.admin}" ${known.join(' ')};`;
  return {
    'sasl.mechanism.inter.broker.protocol': 'PLAIN',
    'sasl.mechanism.controller.protocol': 'PLAIN',
    'listener.name.internal.sasl.enabled.mechanisms': 'PLAIN',
    'listener.name.internal.plain.sasl.jaas.config': asAdmin,
    'listener.name.controller.sasl.enabled.mechanisms': 'PLAIN',
    'listener.name.controller.plain.sasl.jaas.config': asAdmin,
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    ...Object.fromEntries(
      ['sasl_plaintext', 'sasl_ssl'].flatMap((listener) => [
        [`listener.name.${listener}.plain.sasl.jaas.config`, `${plain} ${known.join(' ')};`],
        [`listener.name.${listener}.scram-sha-256.sasl.jaas.config`, scram],
        [`listener.name.${listener}.scram-sha-512.sasl.jaas.config`, scram],
      ]),
    ),
  };
}

function tlsProperties(certificates: Certificates | undefined): Record<string, string> {
  if (certificates === undefined) return {};
  return {
    'ssl.keystore.type': 'PKCS12',
    'ssl.keystore.location': certificates.keystore,
    'ssl.keystore.password': certificates.keystorePassword,
  };
}

const aclProperties = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'allow.everyone.if.no.acl.found': 'false',
  'super.users': 'User:admin',
};

/** Settings for a small broker, with a fast first consumer group and transaction. */
const economies = {
  'offsets.topic.num.partitions': '1',
  'transaction.state.log.num.partitions': '1',
  'share.coordinator.state.topic.num.partitions': '1',
  'group.initial.rebalance.delay.ms': '0',
  'log.cleaner.dedupe.buffer.size': '4194304',
  'num.network.threads': '1',
};

/**
 * Others lead for a killed broker once its session has expired, and it may only return then: by default after 9 s. A single node has nobody
 * to wait for.
 */
export const quickFailover = { 'broker.session.timeout.ms': '3000', 'broker.heartbeat.interval.ms': '500' };
