import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { jdkCommand, lastLines, quickJvm } from './java.ts';
import { freePorts } from './ports.ts';
import { isAlive, makeWorkspace } from './workspace.ts';

const START_TIMEOUT_MS = 60_000;

/** An empty ZooKeeper on this machine. It dies with this process, however that ends. */
export interface Zookeeper {
  /** `host:port`. */
  address: string;
  /** Stops it and removes everything it left. */
  stop(): Promise<void>;
}

/** Whether a version of Apache Kafka needs ZooKeeper: KRaft is ready for production from 3.3 on. */
export function needsZookeeper(version: string): boolean {
  const [major, minor] = version.split('.').map(Number);
  return major < 3 || (major === 3 && minor < 3);
}

/**
 * Starts the ZooKeeper that comes with a version of Apache Kafka, and waits until it listens.
 *
 * @throws {Error} with the end of its log when it does not start
 */
export async function startZookeeper(classPath: string): Promise<Zookeeper> {
  const workspace = await makeWorkspace();
  const [port] = await freePorts(1);
  const settings = join(workspace.directory, 'zookeeper.properties');
  const logFile = join(workspace.directory, 'zookeeper.log');
  await writeFile(
    settings,
    `dataDir=${join(workspace.directory, 'data')}\nclientPort=${port}\nclientPortAddress=127.0.0.1\nadmin.enableServer=false\n`,
  );
  const flags = [...quickJvm, '-Xmx128m', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-Dzookeeper.jmx.log4j.disable=true'];
  const log = openSync(logFile, 'w');
  const main = ['-cp', classPath, 'org.apache.zookeeper.server.quorum.QuorumPeerMain', settings];
  const child = workspace.run(jdkCommand('java'), [...flags, ...main], { stdio: ['ignore', log, log] });
  closeSync(log);

  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await listens(port))) {
    if (isAlive(child) && Date.now() < deadline) {
      await delay(20);
      continue;
    }
    const output = await readFile(logFile, 'utf8');
    await workspace.remove();
    throw new Error(`ZooKeeper did not start:\n${lastLines(output)}`);
  }
  return { address: `127.0.0.1:${port}`, stop: workspace.remove };
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
