import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePorts } from '../../../infra/local/ports.ts';
import { makeWorkspace } from '../../../infra/local/workspace.ts';
import { repository } from '../lambda/serverless.ts';
import { python } from '../python/python.ts';

const START_LIMIT_MS = 60_000;

/** AWS in one process on the loopback address: CloudFormation, Lambda, HTTP APIs, IAM and more, with permissions enforced. */
export interface MiniStack {
  region: string;
  endpoint: string;
  /** Credentials of the account's root user, who may do everything. */
  credentials: { accessKeyId: string; secretAccessKey: string };
  stop(): Promise<void>;
}

/** Starts an empty AWS account. It dies with this process, and so do the functions that it runs. */
export async function startMiniStack(): Promise<MiniStack> {
  const interpreter = await python();
  const [port] = await freePorts(1);
  const workspace = await makeWorkspace();
  const log = await open(join(workspace.directory, 'log'), 'w+');
  const child = workspace.run(interpreter, ['-m', 'ministack'], {
    stdio: ['ignore', log.fd, log.fd],
    env: {
      // The first `node` in the path runs the functions: the one that runs the tests.
      PATH: `${join(repository, 'node_modules/.bin')}:${process.env.PATH}`,
      AUTH: 'true',
      BIND_HOST: '127.0.0.1',
      MINISTACK_HOST: 'localhost',
      GATEWAY_PORT: String(port),
      TMPDIR: workspace.directory,
    },
  });
  const endpoint = `http://127.0.0.1:${port}`;

  const deadline = Date.now() + START_LIMIT_MS;
  while (!(await isReady(endpoint))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      const output = await log.read({ position: 0 });
      await workspace.remove();
      throw new Error(`MiniStack did not start:\n${output.buffer.toString('utf8', 0, output.bytesRead)}`);
    }
    await delay(100);
  }
  await log.close();
  return { region: 'us-east-1', endpoint, credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, stop: workspace.remove };
}

async function isReady(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(`${endpoint}/_ministack/health`, { signal: AbortSignal.timeout(1000) });
    return response.ok;
  } catch {
    return false;
  }
}
