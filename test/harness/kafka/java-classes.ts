import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { cached } from '../../../infra/local/cache.ts';
import { classPath, kafkaCache } from '../../../infra/local/jars.ts';
import { jdkCommand, run } from '../../../infra/local/java.ts';

/** Compiles a class in java/ if its source has changed. @returns the directory of its classes */
export async function javaClasses(name: string): Promise<string> {
  const jars = await classPath();
  const source = fileURLToPath(new URL(`java/${name}.java`, import.meta.url));
  return cached(`${kafkaCache()}/${name}`, [jars, await readFile(source, 'utf8')], async (directory) => {
    await run(jdkCommand('javac'), ['-cp', jars, '-d', directory, source]);
  });
}
