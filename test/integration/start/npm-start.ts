import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { keepOutput } from '../../harness/leaks/kept.ts';
import { until } from '../../harness/until.ts';

/** The repository's directory. */
export const repository = fileURLToPath(new URL('../../../', import.meta.url));

/** A directory for temporary files, new for each test. */
export let temporary: string;

beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'start-test-'));
});

afterEach(() => rm(temporary, { recursive: true }));

/** A running npm script. */
export interface NpmStart {
  child: ChildProcess;
  /** What it has written so far, to both streams. */
  output(): string;
  /** Waits until that is among it. */
  writes(text: RegExp): Promise<void>;
}

/** Runs an npm script of the repository, with these variables besides the usual ones. */
export function npmStart(environment: Record<string, string>, parameters = ['start']): NpmStart {
  const { KAFKA_BOOTSTRAP_SERVERS: _, GATEWAY_AUTH: __, ...inherited } = process.env;
  const child = spawn('npm', parameters, {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'pipe'],
    // npm would leave its compile cache in the temporary directory.
    env: { ...inherited, TMPDIR: temporary, NODE_DISABLE_COMPILE_CACHE: '1', ...environment },
  });
  let output = '';
  let closed = false;
  child.once('close', () => {
    closed = true;
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk;
    });
  }
  // Where the functions log; what it says besides may well have the example's password.
  child.stderr.on('data', (chunk: Buffer) => keepOutput(String(chunk)));
  return {
    child,
    output: () => output,
    async writes(text) {
      await until(() => text.test(output) || closed);
      assert.match(output, text);
    },
  };
}

/** A port of this machine that somebody else listens at. */
export async function takenPort(t: TestContext): Promise<number> {
  const other = createServer().listen(0, '127.0.0.1');
  t.after(() => other.close());
  await once(other, 'listening');
  const address = other.address();
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}
