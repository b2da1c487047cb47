import { type StdioOptions, spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * Runs a command with this process's input and output. Signals that ask this process to end are passed on to it, so that it ends first,
 * and after it whatever was started for it.
 *
 * @param environment what it gets besides this process's variables
 * @param output descriptor of a file that gets what it prints, in place of this process's output
 * @returns its exit code; as a shell gives it where a signal has ended it
 */
export function runCommand(
  [command, ...parameters]: readonly string[],
  environment: Record<string, string> = {},
  output?: number,
): Promise<number> {
  const stdio: StdioOptions = output === undefined ? 'inherit' : ['inherit', output, output];
  const child = spawn(command, parameters, { stdio, env: { ...process.env, ...environment } });
  const passOn = (signal: NodeJS.Signals) => void child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, passOn);
  return new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  }).finally(() => {
    for (const signal of signals) process.off(signal, passOn);
  });
}
