import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** How a process ended: with a code, or by a signal. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A Node process that runs a function. */
export interface FunctionProcess {
  pid: number;
  /** Lines of stdout and stderr so far. */
  logs: string[];
  signal(signal: NodeJS.Signals): void;
  /** Sends a message to a preloaded module and resolves with its answer. */
  ask<T>(message: object): Promise<T>;
  ended: Promise<Ending>;
}

export interface ProcessOptions {
  cwd: string;
  env: Record<string, string>;
}

/** Starts Node, in this version, as a process that dies with this one. */
export function startProcess(parameters: string[], options: ProcessOptions): FunctionProcess {
  const child = spawn(process.execPath, parameters, { ...options, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const { pid } = child;
  if (pid === undefined) throw new Error(`Cannot start ${process.execPath}`);

  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  return {
    pid,
    logs: linesOf(child),
    signal: (signal) => child.kill(signal),
    ask(message) {
      return new Promise((resolve, reject) => {
        child.once('message', resolve);
        child.send(message, (error) => error && reject(error));
      });
    },
    ended: new Promise((resolve) => {
      child.once('close', (code, signal) => {
        process.off('exit', kill);
        resolve({ code, signal });
      });
    }),
  };
}

function linesOf({ stdout, stderr }: ChildProcess): string[] {
  const lines: string[] = [];
  for (const stream of [stdout, stderr]) {
    if (stream) createInterface({ input: stream }).on('line', (line) => lines.push(line));
  }
  return lines;
}
