import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ConsumerAnswer, ConsumerRequest } from './consumer-process.ts';

/** An answer; null where the process was killed that had the request. */
export type Answered = Pick<ConsumerAnswer, 'status' | 'text'> | null;

const program = join(import.meta.dirname, 'consumer-process.ts');

/** Processes of the function of consumers: a random one gets each request, and a random one is killed now and then. */
export class ConsumerProcesses implements AsyncDisposable {
  readonly #environment: Record<string, string>;
  readonly #processes: { child: ChildProcess; ready: Promise<unknown>; isReady: boolean }[] = [];
  #requests = 0;
  #ending = false;

  constructor(count: number, environment: Record<string, string>) {
    this.#environment = environment;
    for (let i = 0; i < count; i++) this.#start(i);
  }

  #start(i: number): void {
    const child = fork(program, { env: { ...process.env, ...this.#environment }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const started = { child, ready: Promise.race([once(child, 'message'), once(child, 'exit')]), isReady: false };
    this.#processes[i] = started;
    child.once('message', () => {
      started.isReady = true;
    });
    child.once('exit', () => {
      if (!this.#ending) this.#start(i);
    });
  }

  /** Sends a request to a process at random. */
  async send(method: string, path: string, body: object | null = null, query = ''): Promise<Answered> {
    const sentAt = Date.now();
    const { child, ready } = this.#processes[Math.floor(Math.random() * this.#processes.length)];
    await ready;
    if (!child.connected) return null;
    const id = ++this.#requests;
    const { promise, resolve } = Promise.withResolvers<Answered>();
    const settle = (answer: Answered) => {
      child.off('message', onMessage);
      child.off('exit', onExit);
      resolve(answer);
    };
    const onMessage = (answer: ConsumerAnswer) => {
      if (answer.id === id) settle(answer);
    };
    const onExit = () => settle(null);
    child.on('message', onMessage).on('exit', onExit);
    const request: ConsumerRequest = { id, method, path, query, body: body && JSON.stringify(body), sentAt };
    child.send(request, (error) => {
      if (error !== null) settle(null);
    });
    return promise;
  }

  /** Kills one at random, whatever it is about; another takes its place. None while less than two have started: nobody would get on. */
  kill(): void {
    const started = this.#processes.filter(({ isReady, child }) => isReady && child.connected);
    if (started.length < 2) return;
    started[Math.floor(Math.random() * started.length)].child.kill('SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending = true;
    for (const { child } of this.#processes) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
  }
}
