import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cached } from './cache.ts';
import { run } from './java.ts';

const pomFile = fileURLToPath(new URL('pom.xml', import.meta.url));
const pom = readFileSync(pomFile, 'utf8');

/** The version of Apache Kafka that is started where none is asked for, as pom.xml has it. */
export const kafkaVersion = /<kafka\.version>([^<]+)</.exec(pom)?.[1] ?? 'unknown';

/** Part of the cache that belongs to a version of Kafka; see `cached`. */
export const kafkaCache = (version = kafkaVersion): string => `kafka-${version}`;

/**
 * The class path of the broker and the Java clients; the jars are downloaded with Maven when they are asked for the first time.
 * Always the same jars in the same order, which is what an archive of loaded classes insists on.
 */
export async function classPath(version = kafkaVersion): Promise<string> {
  const directory = await cached(`${kafkaCache(version)}/lib`, [pom], (target) => download(version, target));
  const jars = await readdir(directory);
  return jars
    .sort()
    .map((jar) => join(directory, jar))
    .join(delimiter);
}

async function download(version: string, directory: string): Promise<void> {
  console.error(`Downloading Apache Kafka ${version} (35 MB, once) …`);
  const goal = ['dependency:copy-dependencies', `-Dkafka.version=${version}`, `-DoutputDirectory=${directory}`];
  await run('mvn', ['--batch-mode', '--quiet', '--file', pomFile, ...goal]);
}
