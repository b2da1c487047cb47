import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const OLDEST_JAVA = 17;

/** Flags for a JVM that starts fast on few cores and leaves no files in the machine's temporary directory. */
export const quickJvm = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-XX:-UsePerfData'];

/** Path of a JDK command: in `JAVA_HOME` if that is set, else in `PATH`. */
export function jdkCommand(name: 'java' | 'javac' | 'keytool'): string {
  const home = process.env.JAVA_HOME;
  return home ? join(home, 'bin', name) : name;
}

/**
 * Checks that there is a Java that can run Kafka.
 *
 * @returns its full version, such as `17.0.15`
 */
export async function requireJava(): Promise<string> {
  const { stderr } = await run(jdkCommand('java'), ['-version']);
  const version = /version "([^"]+)"/.exec(stderr)?.[1] ?? stderr.trim();
  if (Number.parseInt(version, 10) >= OLDEST_JAVA) return version;
  throw new Error(`Kafka needs Java ${OLDEST_JAVA} or newer; this machine's is ${version}. JAVA_HOME may name another one.`);
}

/**
 * Runs a command to its end. The command ends with this process, unless this process is killed outright.
 *
 * @param input the command's standard input
 * @throws {Error} with the end of the command's output when it fails, or how to install it when it is missing
 */
export async function run(command: string, parameters: string[], input?: string): Promise<{ stdout: string; stderr: string }> {
  const running = promisify(execFile)(command, parameters, { maxBuffer: 64 * 1024 * 1024 });
  if (input !== undefined) running.child.stdin?.end(input);
  const end = () => running.child.kill();
  process.once('exit', end);
  try {
    return await running;
  } catch (error) {
    throw explain(command, error);
  } finally {
    process.off('exit', end);
  }
}

function explain(command: string, cause: unknown): Error {
  if (!(cause instanceof Error)) return new Error(`${command} failed`, { cause });
  if ('code' in cause && cause.code === 'ENOENT') {
    return new Error(`\`${command}\` was not found. A local Kafka needs a Java ${OLDEST_JAVA} JDK and Maven (java, keytool, mvn).`, {
      cause,
    });
  }
  const output = ['stdout', 'stderr'].map((stream) => String(Reflect.get(cause, stream) ?? '').trim()).join('\n');
  return new Error(`${command} failed:\n${lastLines(output)}`, { cause });
}

/** The end of a log, for an error message. */
export function lastLines(text: string, count = 30): string {
  return text.trim().split('\n').slice(-count).join('\n');
}
