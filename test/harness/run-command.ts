import { type StdioOptions, spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * Runs a command with this process's input and output. Signals that would end this process are passed on to the command, so that it ends
 * first, and then everything that was started for it.
 *
 * @param environment additional variables
 * @param output descriptor of a file that receives its output, instead of this process's output
 * @returns its exit code; like a shell's if a signal ended it
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
