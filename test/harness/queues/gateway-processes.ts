import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('gateway-process.ts', import.meta.url));

/** A response of a queue's route; null if the process was killed before it answered. */
export type QueueAnswer = { status: number; json: { [name: string]: unknown } | null } | null;

interface Told {
  id: number;
  status: number;
  text: string;
}

/** Processes of the queues function, as Lambda has several; they share nothing. */
export class GatewayProcesses implements AsyncDisposable {
  readonly #env: NodeJS.ProcessEnv;
  readonly #children: ChildProcess[];
  readonly #waiting = new Map<number, { child: ChildProcess; resolve(answer: QueueAnswer): void }>();
  #next = 0;
  /** How many processes were killed. */
  kills = 0;

  constructor(count: number, environment: Record<string, string>) {
    this.#env = { ...process.env, GATEWAY_AUTH: 'none', GATEWAY_RECEIPT_KEY: 'of the tests', ...environment };
    this.#children = Array.from({ length: count }, () => this.#start());
  }

  /** Sends a request to any of them. */
  request(method: string, path: string, body: object): Promise<QueueAnswer> {
    const child = this.#children[Math.floor(Math.random() * this.#children.length)];
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(id, { child, resolve });
      child.send({ id, method, path, body: JSON.stringify(body) }, (error) => error && this.#settle(id, null));
    });
  }

  /** Kills one without notice (SIGKILL), and starts another in its place. */
  async killOne(): Promise<void> {
    const place = this.kills++ % this.#children.length;
    const child = this.#children[place];
    await end(child);
    this.#children[place] = this.#start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#children.map(end));
  }

  #start(): ChildProcess {
    const child = fork(program, { env: this.#env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    child.on('message', ({ id, status, text }: Told) => this.#settle(id, { status, json: JSON.parse(text || 'null') }));
    child.on('error', () => {}); // A message to a process that was killed: the request gets no response.
    child.once('exit', () => {
      for (const [id, waiting] of this.#waiting) if (waiting.child === child) this.#settle(id, null);
    });
    return child;
  }

  #settle(id: number, answer: QueueAnswer): void {
    this.#waiting.get(id)?.resolve(answer);
    this.#waiting.delete(id);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
