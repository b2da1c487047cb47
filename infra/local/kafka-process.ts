import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { jdkCommand, lastLines, quickJvm } from './java.ts';
import { isAlive, type Workspace } from './workspace.ts';

/** What a node logs when it serves requests; the second form is for ZooKeeper. */
const STARTED = /Kafka Server started|\[KafkaServer id=\d+\] started/;
const START_TIMEOUT_MS = 120_000;

/** Options of every node's JVM. */
export interface Jvm {
  /** Of Apache Kafka. */
  version: string;
  classPath: string;
  /** Additional flags. */
  flags: string[];
}

/** The JVM of one Kafka node, which may be killed and restarted. */
export class KafkaProcess {
  readonly #workspace: Workspace;
  readonly #parameters: string[];
  readonly #log: string;
  #child: ChildProcess | undefined;

  /** @param properties path of the node's server.properties */
  constructor(workspace: Workspace, properties: string, { classPath, flags }: Jvm) {
    const { directory } = workspace;
    const temporary = join(directory, 'tmp');
    const logging = 'org.slf4j.simpleLogger';
    const servers = ['KafkaRaftServer', 'KafkaServer'];
    mkdirSync(temporary, { recursive: true });
    this.#workspace = workspace;
    this.#log = join(directory, 'kafka.log');
    this.#parameters = [
      ...['-Xmx384m', ...quickJvm, ...flags],
      ...[`-Djava.io.tmpdir=${temporary}`, `-XX:ErrorFile=${join(directory, 'jvm-error.log')}`],
      ...[`-D${logging}.defaultLogLevel=warn`, ...servers.map((name) => `-D${logging}.log.kafka.server.${name}=info`)],
      ...['-cp', classPath, 'kafka.Kafka', properties],
    ];
  }

  /** Undefined while the node is down. */
  get pid(): number | undefined {
    return this.#running()?.pid;
  }

  /**
   * Starts the node and waits until it serves requests.
   *
   * @throws {Error} with the end of Kafka's log when it dies before that
   */
  async start(): Promise<void> {
    // To a file, never to a pipe of this process: whoever reads this process's output would also wait for the broker.
    const log = openSync(this.#log, 'w');
    const child = this.#workspace.run(jdkCommand('java'), this.#parameters, { stdio: ['ignore', log, log] });
    this.#child = child;
    closeSync(log);

    const deadline = Date.now() + START_TIMEOUT_MS;
    for (;;) {
      const alive = isAlive(child);
      const output = await readFile(this.#log, 'utf8');
      if (STARTED.test(output)) return;
      if (!alive) throw new Error(`Kafka did not start:\n${lastLines(output)}`);
      if (Date.now() > deadline) throw new Error(`Kafka was not up after ${START_TIMEOUT_MS / 1000} s:\n${lastLines(output)}`);
      await delay(20);
    }
  }

  /** Ends the node with a signal, even if it is paused, and waits until it is gone. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.#running();
    if (child === undefined) return;
    const gone = once(child, 'exit');
    child.ref();
    child.kill(signal);
    child.kill('SIGCONT');
    await gone;
  }

  /** Sends a signal that does not end the node. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#running()?.kill(signal);
  }

  #running(): ChildProcess | undefined {
    return isAlive(this.#child) ? this.#child : undefined;
  }
}
