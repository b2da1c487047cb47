import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../infra/local/java.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { virtualEnvironment } from '../harness/python/python.ts';
import { sharedRegistry } from '../harness/schema-registry/shared-registry.ts';
import type { SchemaFormat } from './requests.ts';

/** A schema for the (de)serializers of Confluent's Python client. */
export interface ForeignSchema {
  format: SchemaFormat;
  text: string;
  /** Of Protobuf: the message, `Outer.Inner` if it is nested. */
  message?: string;
  /** Another registry than the one that tests share. */
  registry?: string;
}

/** The values of a topic's partition 0 as the Python client reads them. */
export async function readWithPython(topic: string, schema: ForeignSchema): Promise<unknown[]> {
  const lines = await serdes('read', topic, schema);
  return lines.map((line): unknown => JSON.parse(line));
}

/**
 * Writes values with the Python client, which registers the schema if it is not there.
 *
 * @param where the schema is named: before the bytes of a value, or in a header of its record
 */
export async function writeWithPython(
  topic: string,
  schema: ForeignSchema,
  values: unknown[],
  where: 'before' | 'headers' = 'before',
): Promise<void> {
  await serdes(where === 'before' ? 'write' : 'write-headers', topic, schema, values.map((value) => `${JSON.stringify(value)}\n`).join(''));
}

async function serdes(action: 'read' | 'write' | 'write-headers', topic: string, schema: ForeignSchema, input?: string): Promise<string[]> {
  const directory = join(import.meta.dirname, 'python');
  const interpreter = await virtualEnvironment('python-registry', join(directory, 'requirements.txt'));
  const folder = await mkdtemp(join(tmpdir(), 'serdes-'));
  try {
    const file = join(folder, `schema.${schema.format === 'protobuf' ? 'proto' : 'json'}`);
    await writeFile(file, schema.text);
    const parameters = [action, schema.format, sharedKafka(), schema.registry ?? sharedRegistry(), topic, file, schema.message ?? ''];
    const { stdout } = await run(interpreter, [join(directory, 'serdes.py'), ...parameters], input);
    return stdout.split('\n').filter((line) => line !== '');
  } finally {
    await rm(folder, { recursive: true });
  }
}
