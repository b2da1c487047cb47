import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePorts } from '../../../infra/local/ports.ts';
import { sharedKafka } from '../kafka/shared-kafka.ts';
import { repository } from '../lambda/serverless.ts';
import { keepOutput } from '../leaks/kept.ts';

/** The gateway as its own process. */
interface RunningGateway {
  child: ChildProcess;
  pid: number;
  /** Settles with its exit code first, when it has ended. */
  ended: Promise<unknown[]>;
  url: string;
}

/** Something that ends what was started, such as a test. */
interface Owner {
  after(end: () => void): void;
}

/** Runs one of the package's scripts until the test ends, and waits until it is ready. */
export const startScript = (t: Owner, script: 'start' | 'serve', environment: Record<string, string>): Promise<RunningGateway> =>
  run(t, 'npm', ['run', script], environment);

/** Runs the same as `npm run serve`, but without npm: the process is the gateway itself. */
export const serveAlone = (t: Owner, environment: Record<string, string>): Promise<RunningGateway> =>
  run(t, process.execPath, ['infra/serve/main.ts'], environment);

async function run(t: Owner, command: string, parameters: string[], environment: Record<string, string>): Promise<RunningGateway> {
  const [port] = await freePorts(1);
  const bootstrapServers = environment.KAFKA_BOOTSTRAP_SERVERS ?? sharedKafka('PLAINTEXT');
  const inherited = Object.entries(process.env).filter(([name]) => !/^(KAFKA|GATEWAY)_/.test(name));
  const child: ChildProcess = spawn(command, parameters, {
    cwd: repository,
    env: {
      ...Object.fromEntries(inherited),
      ...{ HOST: '127.0.0.1', PORT: String(port), KAFKA_BOOTSTRAP_SERVERS: bootstrapServers, ...environment },
    },
    detached: true,
  });
  const { pid } = child;
  assert.ok(pid);
  const ended = once(child, 'exit');
  t.after(() => {
    if (child.exitCode === null) process.kill(-pid, 'SIGKILL');
  });
  const ready = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      keepOutput(chunk.toString());
      if (chunk.includes('READY ')) ready.resolve();
    });
  }
  await Promise.race([ready.promise, ended.then(([code]) => assert.fail(`it ended with ${code}`))]);
  return { child, pid, ended, url: `http://127.0.0.1:${port}` };
}
