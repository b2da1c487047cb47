import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from './cache.ts';
import { kafkaCache, kafkaVersion } from './jars.ts';
import { prepareNode } from './node.ts';
import { freePorts } from './ports.ts';
import { randomId } from './storage.ts';
import { makeWorkspace } from './workspace.ts';

const archiveFile = 'broker.jsa';

/**
 * JVM flags that halve a broker's start time: they name an archive of the classes it loads (AppCDS), which a broker writes that is started
 * and stopped once. Empty if that failed. A JVM ignores an archive that does not match it.
 *
 * @param java version of the JVM
 */
export async function classArchive(classPath: string, java: string): Promise<string[]> {
  const directory = await cached(`${kafkaCache()}/classes`, [classPath, java], (target) => train(join(target, archiveFile), classPath));
  const archive = join(directory, archiveFile);
  return existsSync(archive) ? [`-XX:SharedArchiveFile=${archive}`] : [];
}

async function train(archive: string, classPath: string): Promise<void> {
  const workspace = await makeWorkspace();
  try {
    const [controller, internal] = await freePorts(2);
    const ports = new Map([['INTERNAL', internal] as const, ['CONTROLLER', controller] as const]);
    const dataDir = join(workspace.directory, 'data');
    const settings = {
      nodeId: 1,
      dataDir,
      ports,
      controllers: new Map([[1, controller]]),
      certificates: undefined,
      zookeeper: null,
      acls: false,
    };
    const flags = [`-XX:ArchiveClassesAtExit=${archive}`];
    const kafka = await prepareNode(workspace, settings, randomId(), {}, { version: kafkaVersion, classPath, flags });
    await kafka.start();
    await kafka.kill('SIGTERM');
  } catch (error) {
    console.error('Kafka will start more slowly than it could: no archive of its classes.', error);
  } finally {
    await workspace.remove();
  }
}
