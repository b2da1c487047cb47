import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cached } from './cache.ts';
import { run } from './java.ts';

const pomFile = fileURLToPath(new URL('pom.xml', import.meta.url));
const pom = readFileSync(pomFile, 'utf8');

/** Version of Apache Kafka, as pom.xml has it. */
export const kafkaVersion = /<kafka\.version>([^<]+)</.exec(pom)?.[1] ?? 'unknown';

/** Part of the cache that belongs to this version of Kafka; see `cached`. */
export const kafkaCache = `kafka-${kafkaVersion}`;

/**
 * The class path of the broker and the Java clients; the jars are downloaded with Maven when they are asked for the first time.
 * Always the same jars in the same order, which is what an archive of loaded classes insists on.
 */
export async function classPath(): Promise<string> {
  const directory = await cached(`${kafkaCache}/lib`, [pom], download);
  const jars = await readdir(directory);
  return jars
    .sort()
    .map((jar) => join(directory, jar))
    .join(delimiter);
}

async function download(directory: string): Promise<void> {
  console.error(`Downloading Apache Kafka ${kafkaVersion} (35 MB, once) …`);
  await run('mvn', ['--batch-mode', '--quiet', '--file', pomFile, 'dependency:copy-dependencies', `-DoutputDirectory=${directory}`]);
}
