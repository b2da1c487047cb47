import { closeSync, openSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from '../../../infra/local/cache.ts';
import { jdkCommand, lastLines, quickJvm, requireJava, run } from '../../../infra/local/java.ts';
import { freePorts } from '../../../infra/local/ports.ts';
import { isAlive, makeWorkspace } from '../../../infra/local/workspace.ts';
import { until } from '../until.ts';

/** The newest version that runs on Java 17. */
const VERSION = '3.0.9';
const ARTIFACT = `io.apicurio:apicurio-registry-app:${VERSION}:tar.gz:all`;
/** A POM cannot name the artifact, because the artifact's own POM lacks its parent; this version of the plugin gets it nevertheless. */
const GET = 'org.apache.maven.plugins:maven-dependency-plugin:2.8:get';

/** An empty schema registry on this machine. It dies with this process. */
export interface Registry {
  /** The URL of its Confluent-compatible API. */
  url: string;
  stop(): Promise<void>;
}

/**
 * Starts an Apicurio Registry, which is downloaded on first use, and waits until it answers. Schemas must be backward compatible, which is
 * Confluent's default.
 */
export async function startRegistry(): Promise<Registry> {
  await requireJava();
  const home = await cached(`apicurio-${VERSION}`, [ARTIFACT], download);
  const [port] = await freePorts(1);
  const workspace = await makeWorkspace();
  const logFile = join(workspace.directory, 'registry.log');
  const log = openSync(logFile, 'w');
  const properties = {
    'java.io.tmpdir': workspace.directory,
    'quarkus.http.host': '127.0.0.1',
    'quarkus.http.port': port,
    'quarkus.log.level': 'WARN',
    'apicurio.storage.kind': 'sql',
    'apicurio.storage.sql.kind': 'h2',
    'apicurio.rules.global.compatibility': 'BACKWARD',
  };
  const flags = ['-Xmx256m', ...quickJvm, ...Object.entries(properties).map(([name, value]) => `-D${name}=${value}`)];
  const child = workspace.run(jdkCommand('java'), [...flags, '-jar', join(home, `apicurio-registry-app-${VERSION}-runner.jar`)], {
    stdio: ['ignore', log, log],
  });
  closeSync(log);

  const url = `http://127.0.0.1:${port}/apis/ccompat/v7`;
  try {
    await until(async () => {
      if (!isAlive(child)) throw new Error(`The registry did not start:\n${lastLines(await readFile(logFile, 'utf8'))}`);
      return answers(`${url}/subjects`);
    });
  } catch (error) {
    await workspace.remove();
    throw error;
  }
  return { url, stop: workspace.remove };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(5000) })).ok;
  } catch {
    return false;
  }
}

async function download(directory: string): Promise<void> {
  console.error(`Downloading Apicurio Registry ${VERSION} (109 MB, once) …`);
  const archive = join(directory, 'archive.tar.gz');
  await run('mvn', ['--batch-mode', '--quiet', GET, '-Dtransitive=false', `-Dartifact=${ARTIFACT}`, `-Ddest=${archive}`]);
  await run('python3', ['-m', 'tarfile', '--extract', archive, directory]);
  await rm(archive);
}
