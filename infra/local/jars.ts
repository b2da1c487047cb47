import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cached } from './cache.ts';
import { run } from './java.ts';

const pomFile = fileURLToPath(new URL('pom.xml', import.meta.url));
const pom = readFileSync(pomFile, 'utf8');

/** The default version of Apache Kafka, from pom.xml. */
export const kafkaVersion = /<kafka\.version>([^<]+)</.exec(pom)?.[1] ?? 'unknown';

/** The part of the cache for a version of Kafka; see `cached`. */
export const kafkaCache = (version = kafkaVersion): string => `kafka-${version}`;

/**
 * The class path of the broker and the Java clients. Maven downloads the jars on first use. Always the same jars in the same order, because
 * an archive of loaded classes requires that.
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
  try {
    await run('mvn', ['--batch-mode', '--quiet', '--file', pomFile, ...goal]);
  } catch (cause) {
    const output = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${output}\n\n${REMEDY}`, { cause });
  }
}

const REMEDY =
  'Apache Kafka could not be downloaded. Maven needs its central repository, or a mirror or proxy in ~/.m2/settings.xml. ' +
  'A Kafka that runs elsewhere needs no download: name it in KAFKA_BOOTSTRAP_SERVERS.';
