import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A temporary directory and at most one process that works in it. Both end with this process, however that ends: a shell waits for the
 * end of a pipe from this process, which comes even when this process is killed outright, and cleans up.
 */
export interface Workspace {
  directory: string;
  /** Starts a command in the directory, in its own process group. The command does not keep this process alive. */
  run(command: string, parameters: string[], options: Pick<SpawnOptions, 'cwd' | 'env' | 'stdio'>): ChildProcess;
  /** Kills the process if it still runs, and removes the directory. */
  remove(): Promise<void>;
}

// Each line is the process group to kill at the end; an empty line means none. A process may still create files while it is killed.
const clearUp = `
  while read -r line; do group=$line; done
  if [ -n "$group" ]; then kill -KILL "-$group" 2>/dev/null; fi
  rm -rf "$0" 2>/dev/null || { sleep 1; rm -rf "$0"; }
`;

/** Makes a workspace; by default in the machine's temporary directory. */
export async function makeWorkspace(parent = tmpdir()): Promise<Workspace> {
  const directory = await mkdtemp(join(parent, 'local-kafka-'));
  const watchdog = spawn('/bin/sh', ['-c', clearUp, directory], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  const { stdin } = watchdog;
  if (stdin instanceof Socket) stdin.unref();
  watchdog.unref();
  let child: ChildProcess | undefined;
  let removed: Promise<void> | undefined;

  async function remove(): Promise<void> {
    const gone = [watchdog, child].filter(isAlive).map((process) => {
      process.ref();
      return once(process, 'exit');
    });
    stdin.end();
    await Promise.all(gone);
  }

  return {
    directory,

    run(command, parameters, options) {
      child = spawn(command, parameters, { cwd: directory, ...options, detached: true });
      if (child.pid !== undefined) stdin.write(`${child.pid}\n`);
      child.once('exit', () => stdin.writable && stdin.write('\n'));
      child.unref();
      return child;
    },

    remove() {
      removed ??= remove();
      return removed;
    },
  };
}

/** Whether a process was started and has not ended yet. */
export function isAlive(child: ChildProcess | undefined): child is ChildProcess {
  return child?.pid !== undefined && child.exitCode === null && child.signalCode === null;
}
