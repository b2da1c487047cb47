import { classPath } from '../../infra/local/jars.ts';
import { jdkCommand, quickJvm, run } from '../../infra/local/java.ts';

/** Gives a user of SCRAM-SHA-512 a password in place of any it had; the user is made where there is none. */
export async function setScramPassword(bootstrapServers: string, user: string, password: string): Promise<void> {
  const jvm = [...quickJvm, '-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-cp', await classPath()];
  const credential = `SCRAM-SHA-512=[iterations=4096,password=${password}]`;
  const change = ['--alter', '--entity-type', 'users', '--entity-name', user, '--add-config', credential];
  await run(jdkCommand('java'), [...jvm, 'kafka.admin.ConfigCommand', '--bootstrap-server', bootstrapServers, ...change]);
}
