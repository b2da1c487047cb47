import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { delimiter, join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cacheRoot } from './cache.ts';
import { lastLines } from './java.ts';
import { freePorts, isFree, portInUse } from './ports.ts';
import { isAlive, makeWorkspace } from './workspace.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const commands = join(repository, 'node_modules', '.bin');
/** For a busy machine: building the functions takes seconds by itself. */
const START_TIMEOUT_MS = 120_000;

/** The gateway under serverless-offline. It dies with this process, however that ends. */
export interface Gateway {
  url: string;
  /** The URL of the WebSocket, if there is one. */
  socketUrl: string;
  /** Settles when the gateway has ended. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Builds the functions, serves them on the loopback address, and waits until they answer. Without GATEWAY_AUTH, anyone may call them.
 *
 * @param environment variables of the functions, in addition to those of this process
 * @param log receives what the functions log: during the start, only warnings and errors
 * @throws {Error} with the end of its output when it does not start, or with the port that another process has taken meanwhile
 */
export async function startGateway(
  port: number,
  environment: Record<string, string>,
  log: NodeJS.WritableStream = process.stderr,
): Promise<Gateway> {
  await mkdir(cacheRoot, { recursive: true });
  const workspace = await makeWorkspace(cacheRoot);
  const url = `http://127.0.0.1:${port}`;
  const socketPort = await portBeside(port);
  const child = workspace.run(process.execPath, await offline(port, socketPort), {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      GATEWAY_AUTH: process.env.GATEWAY_AUTH || 'none',
      GATEWAY_RECEIPT_KEY: process.env.GATEWAY_RECEIPT_KEY || randomUUID(),
      ...environment,
      PATH: `${commands}${delimiter}${process.env.PATH}`,
      // Relative, because the framework appends it to the repository's path.
      GATEWAY_BUILD_FOLDER: relative(repository, join(workspace.directory, 'build')),
    },
  });
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  child.once('exit', () => resolve());

  try {
    const output = await untilAnswered(url, child);
    log.write(troubleIn(output));
  } catch (error) {
    await workspace.remove();
    throw error;
  }
  for (const output of outputsOf(child)) output.pipe(log);
  return { url, socketUrl: `ws://127.0.0.1:${socketPort}/pubsub`, ended, stop: workspace.remove };
}

/** The next port, so that it is the same each time; any free port if that is taken. */
async function portBeside(port: number): Promise<number> {
  if (port < 65_535 && (await isFree(port + 1))) return port + 1;
  const [another] = await freePorts(1);
  return another;
}

/** The command line of serverless-offline. Its other ports have no use here, but must be free. */
async function offline(port: number, socketPort: number): Promise<string[]> {
  const [lambda, loadBalancer] = await freePorts(2);
  return [
    // kafkajs computes negative timeouts, which are harmless.
    ...['--disable-warning=TimeoutNegativeWarning', join(commands, 'serverless'), 'offline', '--localEnvironment', '--noSponsor'],
    ...['--host', '127.0.0.1', '--httpPort', String(port), '--lambdaPort', String(lambda)],
    ...['--albPort', String(loadBalancer), '--websocketPort', String(socketPort)],
  ];
}

const outputsOf = ({ stdout, stderr }: ChildProcess) => [stdout, stderr].filter((stream) => stream !== null);

/** Waits for this gateway: another one may answer at its port. @returns what was written until then */
async function untilAnswered(url: string, child: ChildProcess): Promise<string> {
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk;
  };
  for (const stream of outputsOf(child)) stream.on('data', collect);

  const deadline = Date.now() + START_TIMEOUT_MS;
  const listens = `Server ready: ${url} `;
  while (!output.includes(listens) || !(await isAnswered(`${url}/health`))) {
    const [, taken] = /EADDRINUSE: address already in use \S+:(\d+)/.exec(output) ?? [];
    if (taken !== undefined) throw new Error(portInUse(Number(taken)));
    // The framework prints an error when it fails, but its lambda server keeps the process alive.
    const failed = !isAlive(child) || /^Error:$/m.test(output);
    if (failed || Date.now() > deadline) throw new Error(`The gateway did not start:\n${lastLines(output, 60)}`);
    await delay(100);
  }
  for (const stream of outputsOf(child)) stream.off('data', collect);
  return output;
}

/** The lines that the functions logged as warnings and errors, without the framework's own output. */
function troubleIn(output: string): string {
  const lines = output.match(/^\{"timestamp":"[^"]+","level":"(?:WARN|ERROR)".*\n/gm) ?? [];
  return lines.join('');
}

async function isAnswered(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    // 401 or 403: the gateway is up and authenticates callers.
    return response.ok || response.status === 401 || response.status === 403;
  } catch {
    return false;
  }
}
