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
  /** Freezes the function whenever it is idle, like Lambda. */
  freezeWhenIdle?: boolean;
  /** The instruments for {@link LambdaFunction.thaw} and {@link LambdaFunction.loadedModules}. By default none, as on Lambda. */
  instruments?: Instrument[];
}

/** The timeout of an invocation; see {@link LambdaFunction.invoke}. */
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
   * Delivers an event, and thaws the function. `deadlineMs` (default 29 000) is the timeout, after which the function is killed, as on
   * Lambda. `graceMs` (default 0) delays that, so that a brief stall of the machine does not decide a test.
   * @throws {FunctionError} when the handler throws, the process ends, or the timeout is over (`Sandbox.Timedout`)
   */
  invoke(event: unknown, options?: Timeout): Promise<HttpResponse>;
  /** The same for a streaming handler: resolves once its status is known. At its timeout it is killed, even in the middle of its stream. */
  stream(event: unknown, options?: Timeout): Promise<HttpResponse>;
  /** Stops the process (SIGSTOP) once it has answered and requests its next event. */
  freeze(): Promise<void>;
  /** Continues the process. `after` is how long the freeze lasted by the function's wall clock, in milliseconds (instrument `clock`). */
  thaw(options?: { after?: number }): Promise<void>;
  /** The modules of the zip that were loaded so far, in order, by their names there (instrument `modules`). */
  loadedModules(): Promise<string[]>;
  /** Resident memory of the process, now and at its peak. */
  rss(): Promise<ProcessMemory>;
  /** Thaws the function and sends SIGTERM, like Lambda to a function with extensions; resolves when the process has ended. */
  shutdown(): Promise<Ending>;
  /** Kills the process and removes everything made for it; `logs` then has all of its output. */
  stop(): Promise<void>;
}

/**
 * Unpacks a deployment zip and runs it under Lambda's own runtime client, with the flags and variables of `nodejs24.x`, and with the C
 * library's variables of serverless.yml.
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

/** Reports the end of the process to callers that wait for a response. */
async function reportedTo(api: RuntimeApi, { ended, logs }: FunctionProcess): Promise<Ending> {
  const ending = await ended;
  const how = ending.signal ?? `exit status ${ending.code}`;
  api.fail(new FunctionError('Runtime.ExitError', [`the process ended with ${how}`, ...logs].join('\n')));
  return ending;
}
