import { delimiter, join } from 'node:path';
import { type Certificates, certificates } from './certificates.ts';
import { classArchive } from './class-archive.ts';
import { classPath, kafkaVersion } from './jars.ts';
import { requireJava } from './java.ts';
import type { Jvm, KafkaProcess } from './kafka-process.ts';
import { prepareNode, writeProperties } from './node.ts';
import { freePorts, isFree } from './ports.ts';
import type { ListenerName, NodeSettings } from './properties.ts';
import { randomId } from './storage.ts';
import { makeWorkspace, type Workspace } from './workspace.ts';
import { needsZookeeper, startZookeeper, type Zookeeper } from './zookeeper.ts';

type Properties = Record<string, string>;

/** Options for starting Kafka; all have defaults. */
export interface BrokerOptions {
  /** Of Apache Kafka, such as `3.9.1`; by default that of pom.xml. A version that needs ZooKeeper gets one, without ACLs and `dataDir`. */
  version?: string;
  /** Listeners for clients; by default only PLAINTEXT. */
  listeners?: ListenerName[];
  /** The port of the first node's first listener, if it is free. By default, and for all other listeners, any free port. */
  preferredPort?: number;
  /** Keeps the data in this directory, one folder per node, for the next start. By default a fresh cluster that leaves nothing behind. */
  dataDir?: string;
  /** True: everyone but the user admin may only do what ACLs allow. By default everyone may do everything. */
  acls?: boolean;
  /** Properties that override those of server.properties; a function if they differ by node. */
  properties?: Properties | ((node: NodeSettings) => Properties);
  /** Additional JVM flags, such as `-Dname=value`. */
  jvmFlags?: string[];
  /** A directory of classes that the properties name, in addition to Kafka's own. */
  classes?: string;
}

/** A Kafka node on this machine. It dies with this process, however that ends; `await using` stops it at the end of a block. */
export interface Broker extends AsyncDisposable {
  /** `host:port` of the first listener. */
  bootstrapServers: string;
  /** `host:port` of a listener from the options. */
  address(listener: ListenerName): string;
  /** Undefined while it is down. */
  pid: number | undefined;
  /** Ends the process with a signal, by default SIGKILL, and waits until it is gone. `restart` finds the data again. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Freezes the node: connections stay open, but it answers nothing. */
  pause(): void;
  resume(): void;
  /** Starts it with the same ports and data, after a clean shutdown if it still runs. */
  restart(): Promise<void>;
  /** Like {@link Broker.restart}, but with new ports of the listeners for clients. */
  readdress(): Promise<void>;
  /** Stops it and removes everything it left, except a `dataDir` from the options. */
  stop(): Promise<void>;
}

/** Several nodes; with three or more, the replication factor is 3 and `min.insync.replicas` is 2. */
export interface Cluster extends AsyncDisposable {
  /** `host:port` of the first listener of every node, comma separated. */
  bootstrapServers: string;
  brokers: Broker[];
  stop(): Promise<void>;
}

/**
 * Starts a Kafka cluster of one node and waits until it serves requests.
 *
 * @throws {Error} when there is no suitable Java or Maven; with the end of Kafka's log when Kafka does not start
 */
export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const { brokers } = await startCluster(1, options);
  return brokers[0];
}

/** Like {@link startBroker}, with several nodes, each of which is broker and controller. */
export async function startCluster(size: number, options: BrokerOptions = {}): Promise<Cluster> {
  const java = await requireJava();
  const { version = kafkaVersion } = options;
  const jars = await classPath(version);
  // A class archive pays off from the third start on, and other versions start only once.
  const flags = [...(version === kafkaVersion ? await classArchive(jars, java) : []), ...(options.jvmFlags ?? [])];
  // Last, because the class archive is for the part before it.
  const jvm = { version, classPath: options.classes === undefined ? jars : `${jars}${delimiter}${options.classes}`, flags };
  const needsTls = listenersOf(options).some((listener) => listener.endsWith('SSL'));
  const tls = needsTls ? await certificates() : undefined;

  for (let attempt = 1; ; attempt++) {
    try {
      return await startNodes(size, options, tls, jvm);
    } catch (error) {
      // Another process may take a port after it was found free and before Kafka listens on it.
      if (attempt === 3 || !(error instanceof Error && error.message.includes('Address already in use'))) throw error;
    }
  }
}

async function startNodes(size: number, options: BrokerOptions, tls: Certificates | undefined, jvm: Jvm): Promise<Cluster> {
  const zookeeper = needsZookeeper(jvm.version) ? await startZookeeper(jvm.classPath) : null;
  const clusterId = randomId();
  const nodes = await choosePorts(size, options);
  const brokers = await Promise.all(
    nodes.map(async (node) => {
      const workspace = await makeWorkspace();
      const dataDir = join(options.dataDir ?? workspace.directory, `node-${node.nodeId}`);
      const settings = { ...node, dataDir, certificates: tls, zookeeper: zookeeper?.address ?? null, acls: options.acls ?? false };
      const kafka = await prepareNode(workspace, settings, clusterId, overridesFor(settings, options), jvm);
      return makeBroker(kafka, workspace, zookeeper, settings, options);
    }),
  );
  const stop = async () => {
    await Promise.all(brokers.map((broker) => broker.stop()));
  };
  const cluster = {
    get bootstrapServers() {
      return brokers.map((broker) => broker.bootstrapServers).join();
    },
    brokers,
    stop,
    [Symbol.asyncDispose]: stop,
  };

  // All at once, because a node is only up when a majority of the controllers is.
  const starts = await Promise.allSettled(brokers.map((broker) => broker.restart()));
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed === undefined) return cluster;
  await stop();
  throw failed.reason;
}

/** Chooses id and ports of each node. Every node knows the controller ports of all. */
async function choosePorts(size: number, options: BrokerOptions): Promise<Pick<NodeSettings, 'nodeId' | 'ports' | 'controllers'>[]> {
  const names = [...listenersOf(options), 'INTERNAL', 'CONTROLLER'] as const;
  const free = await freePorts(size * names.length);
  const { preferredPort } = options;
  if (preferredPort !== undefined && (await isFree(preferredPort))) free[0] = preferredPort;
  const nodes = Array.from({ length: size }, (_, index) => ({
    nodeId: index + 1,
    ports: new Map(names.map((name, position) => [name, free[index * names.length + position]])),
  }));
  const controllers = new Map(nodes.map(({ nodeId, ports }) => [nodeId, portOf(ports, 'CONTROLLER')]));
  return nodes.map((node) => ({ ...node, controllers }));
}

function makeBroker(
  kafka: KafkaProcess,
  workspace: Workspace,
  zookeeper: Zookeeper | null,
  settings: NodeSettings,
  options: BrokerOptions,
): Broker {
  const { ports } = settings;
  const address = (listener: ListenerName) => `127.0.0.1:${portOf(ports, listener)}`;
  const stop = async () => {
    if (options.dataDir !== undefined) await kafka.kill('SIGTERM');
    await workspace.remove();
    await zookeeper?.stop();
  };
  return {
    get bootstrapServers() {
      return address(listenersOf(options)[0]);
    },
    address,
    get pid() {
      return kafka.pid;
    },
    kill: (signal = 'SIGKILL') => kafka.kill(signal),
    pause: () => kafka.signal('SIGSTOP'),
    resume: () => kafka.signal('SIGCONT'),
    async restart() {
      await kafka.kill('SIGTERM');
      await kafka.start();
    },
    async readdress() {
      const names = listenersOf(options);
      const free = await freePorts(names.length);
      await kafka.kill('SIGTERM');
      for (const [i, name] of names.entries()) ports.set(name, free[i]);
      await writeProperties(workspace, settings, overridesFor(settings, options));
      await kafka.start();
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

const overridesFor = (settings: NodeSettings, { properties = {} }: BrokerOptions): Properties =>
  typeof properties === 'function' ? properties(settings) : properties;

const listenersOf = ({ listeners = ['PLAINTEXT'] }: BrokerOptions) => listeners;

function portOf(ports: NodeSettings['ports'], listener: ListenerName | 'CONTROLLER'): number {
  const port = ports.get(listener);
  if (port === undefined) throw new Error(`The broker was started without the listener ${listener}`);
  return port;
}
