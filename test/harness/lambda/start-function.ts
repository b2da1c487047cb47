import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { allocator } from '../../../infra/template/allocator.ts';
import { type Ending, type FunctionProcess, startProcess } from './function-process.ts';
import { filesOf, handlerIn, unpack } from './function-zip.ts';
import { type Instrument, lambdaEnvironment, lambdaFlags } from './lambda-environment.ts';
import { memoryOf, type ProcessMemory } from './process-memory.ts';
import { FunctionError, type HttpResponse, type RuntimeApi, startRuntimeApi } from './runtime-api.ts';
import { runtimeClient } from './runtime-client.ts';

const INIT_LIMIT_MS = 10_000;

export interface StartOptions {
  /** The function's own environment variables. */
  env?: Record<string, string>;
  /** Megabytes, as AWS_LAMBDA_FUNCTION_MEMORY_SIZE; sizes the heap as Lambda does. Default 256. */
  memory?: number;
  /** Freezes the function whenever it is idle, as Lambda does. */
  freezeWhenIdle?: boolean;
  /** What {@link LambdaFunction.thaw} and {@link LambdaFunction.loadedModules} need inside the process. Default none, as on Lambda. */
  instruments?: Instrument[];
}

/** How long an invocation may take; see {@link LambdaFunction.invoke}. */
export interface Timeout {
  deadlineMs?: number;
  graceMs?: number;
}

/** One execution environment of a deployed function. */
export interface LambdaFunction {
  /** Milliseconds from the start of the process until it asked for its first event. */
  initMs: number;
  pid: number;
  /** Lines of stdout and stderr so far. */
  logs: string[];
  /**
   * Hands over an event, thawing the function. `deadlineMs` (default 29 000) is its timeout, after which it is killed, as Lambda does;
   * `graceMs` later (default 0) where a machine that stands still for a moment shall not make the difference.
   * @throws {FunctionError} when the handler throws, the process ends, or the timeout is over (`Sandbox.Timedout`)
   */
  invoke(event: unknown, options?: Timeout): Promise<HttpResponse>;
  /**
   * The same for a handler that streams: resolves as soon as its status is known. It is killed at its timeout, wherever its stream is then.
   */
  stream(event: unknown, options?: Timeout): Promise<HttpResponse>;
  /** Stops the process (SIGSTOP) as soon as it has answered and asks for its next event. */
  freeze(): Promise<void>;
  /** Lets the process go on. `after` is how long the freeze shall have lasted by the function's wall clock, in milliseconds (instrument `clock`). */
  thaw(options?: { after?: number }): Promise<void>;
  /** Modules of the zip that have been loaded so far, first to last, by their names there (instrument `modules`). */
  loadedModules(): Promise<string[]>;
  /** Resident memory of the process, now and at its peak. */
  rss(): Promise<ProcessMemory>;
  /** Thaws the function and sends SIGTERM, as Lambda does to a function with extensions; resolves when the process has ended. */
  shutdown(): Promise<Ending>;
  /** Kills the process and removes all that was made for it; all it printed is in `logs` then. */
  stop(): Promise<void>;
}

/**
 * Unpacks a deployment zip and runs it under Lambda's own runtime client, with the flags and variables of `nodejs24.x`, and
 * the C library's as serverless.yml sets them.
 * @throws {FunctionError} when it fails at init
 */
export async function startFunction(zip: string, options: StartOptions = {}): Promise<LambdaFunction> {
  const { env, memory = 256, freezeWhenIdle = false, instruments = [] } = options;
  const functionName = basename(zip, '.zip');
  const client = await runtimeClient();
  const files = await filesOf(zip);
  const handler = handlerIn(files);
  const taskRoot = await mkdtemp(join(tmpdir(), `${functionName}-`));
  await unpack(files, taskRoot);
  const api = await startRuntimeApi(functionName);

  const started = performance.now();
  const node = startProcess([...lambdaFlags(memory, instruments), client], {
    cwd: taskRoot,
    env: { ...lambdaEnvironment({ functionName, handler, taskRoot, memory, runtimeApi: api.address }), ...allocator, ...env },
  });
  const ended = reportedTo(api, node);
  let clockAhead = 0;

  async function within<T>(ms: number, phase: string, outcome: Promise<T>): Promise<T> {
    const timer = setTimeout(() => {
      api.fail(new FunctionError('Sandbox.Timedout', `${phase} timed out after ${ms} ms`));
      node.signal('SIGKILL');
    }, ms);
    return outcome.finally(() => clearTimeout(timer));
  }

  function ask<T>(instrument: Instrument, question: object): Promise<T> {
    if (!instruments.includes(instrument)) throw new Error(`The function was started without the instrument ${instrument}`);
    return node.ask(question);
  }

  const fn: LambdaFunction = {
    initMs: 0,
    pid: node.pid,
    logs: node.logs,
    async invoke(event, { deadlineMs = 29_000, graceMs = 0 } = {}) {
      node.signal('SIGCONT');
      const response = await within(deadlineMs + graceMs, 'Task', api.deliver(event, Date.now() + clockAhead + deadlineMs));
      if (freezeWhenIdle) await fn.freeze();
      return response;
    },
    async stream(event, { deadlineMs = 900_000, graceMs = 0 } = {}) {
      const answered = Promise.withResolvers<HttpResponse>();
      const over = async () => {
        answered.resolve(await api.deliver(event, Date.now() + deadlineMs));
        await api.idle();
      };
      within(deadlineMs + graceMs, 'Task', over()).catch(answered.reject);
      return answered.promise;
    },
    async freeze() {
      await api.idle();
      node.signal('SIGSTOP');
    },
    async thaw({ after = 0 } = {}) {
      node.signal('SIGCONT');
      if (after === 0) return;
      clockAhead += after;
      await ask('clock', { clockAhead });
    },
    loadedModules: () => ask('modules', { modules: true }),
    rss: () => memoryOf(node.pid),
    shutdown() {
      node.signal('SIGCONT');
      node.signal('SIGTERM');
      return ended;
    },
    async stop() {
      node.signal('SIGKILL');
      await ended;
      await api.close();
      await rm(taskRoot, { recursive: true, force: true });
    },
  };

  try {
    await within(INIT_LIMIT_MS, 'Init', api.idle());
    fn.initMs = performance.now() - started;
    return fn;
  } catch (error) {
    await fn.stop();
    throw error;
  }
}

/** Whoever waits for an answer of a process that has ended is told why none comes. */
async function reportedTo(api: RuntimeApi, { ended, logs }: FunctionProcess): Promise<Ending> {
  const ending = await ended;
  const how = ending.signal ?? `exit status ${ending.code}`;
  api.fail(new FunctionError('Runtime.ExitError', [`the process ended with ${how}`, ...logs].join('\n')));
  return ending;
}
