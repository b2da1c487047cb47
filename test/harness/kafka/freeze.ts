import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Broker } from '../../../infra/local/broker.ts';
import { until } from '../until.ts';

/** Pauses a broker, and waits until it has stopped: before that, it may still answer. */
export async function freeze(broker: Broker): Promise<void> {
  broker.pause();
  await until(async () => (await stateOf(broker.pid)).startsWith('T'));
}

/** The state of a process, by the letters of `ps`, which not every system with /proc has. */
async function stateOf(pid = 0): Promise<string> {
  if (!existsSync('/proc/self/stat')) return (await promisify(execFile)('ps', ['-o', 'stat=', '-p', `${pid}`])).stdout;
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2);
}
