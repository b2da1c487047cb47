import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from './cache.ts';
import { kafkaCache } from './jars.ts';
import { jdkCommand, quickJvm, run } from './java.ts';
import type { Jvm } from './kafka-process.ts';
import { users } from './properties.ts';

const bootstrapRecords = 'bootstrap.checkpoint';
const metaProperties = 'meta.properties';

/** An id in Kafka's form: 16 random bytes in base64url that do not begin with `-`, which Kafka's tools would read as an option. */
export function randomId(): string {
  const bytes = randomBytes(16);
  bytes[0] &= 0x7f;
  return bytes.toString('base64url');
}

/**
 * Formats a node's log directory, unless it is formatted already. Kafka's own tool writes the initial content (feature levels, SCRAM
 * credentials) once; later starts copy it, which saves a JVM.
 */
export async function formatStorage(
  directory: string,
  nodeId: number,
  clusterId: string,
  jvm: Pick<Jvm, 'version' | 'classPath'>,
): Promise<void> {
  if (existsSync(join(directory, metaProperties))) return;

  const credentials = scramCredentials();
  const formatted = await cached(`${kafkaCache(jvm.version)}/storage`, credentials, (target) =>
    formatWithTool(target, credentials, jvm.classPath),
  );
  await mkdir(directory, { recursive: true });
  await copyFile(join(formatted, bootstrapRecords), join(directory, bootstrapRecords));
  const properties = { version: '1', 'node.id': nodeId, 'cluster.id': clusterId, 'directory.id': randomId() };
  await writeFile(
    join(directory, metaProperties),
    Object.entries(properties)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
}

const scramCredentials = () =>
  Object.entries(users).flatMap(([name, password]) =>
    ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map((mechanism) => `${mechanism}=[name=${name},password=${password}]`),
  );

async function formatWithTool(directory: string, credentials: string[], classPath: string): Promise<void> {
  const properties = join(directory, 'server.properties');
  await writeFile(
    properties,
    `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:1
listeners=PLAINTEXT://127.0.0.1:2,CONTROLLER://127.0.0.1:1
controller.listener.names=CONTROLLER
log.dirs=${directory}
`,
  );
  const scram = credentials.flatMap((credential) => ['--add-scram', credential]);
  const tool = ['-cp', classPath, 'kafka.tools.StorageTool', 'format', '--config', properties, '--cluster-id', randomId(), ...scram];
  await run(jdkCommand('java'), [...quickJvm, ...tool]);
}
