import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Broker } from '../../infra/local/broker.ts';
import { until } from '../kafka/until.ts';

/** Pauses a broker, and waits until it stands still: up to then it may still answer. */
export async function freeze(broker: Broker): Promise<void> {
  broker.pause();
  await until(async () => {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=', '-p', String(broker.pid)]);
    return stdout.startsWith('T');
  });
}
