import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { virtualEnvironment } from '../harness/python/python.ts';

/** Runs a script among the given names, and prints what it calls `answer`. */
const RUNNER = `
import json, sys, textwrap
names = json.loads(sys.argv[1])
exec(textwrap.dedent(sys.argv[2]), names)
print(json.dumps(names['answer']))
`;

/**
 * Runs a Python script, indented as a whole as you like, with the packages of requirements.txt.
 *
 * @param given global variables of the script, as JSON holds them
 * @returns what the script has left in its global variable `answer`, by way of JSON
 * @throws {Error} with the script's traceback
 */
export async function runPython(given: Record<string, unknown>, script: string): Promise<unknown> {
  // The list is complete, and one package of it asks for a newer Python than its client needs.
  const options = ['--no-deps', '--ignore-requires-python'];
  const python = await virtualEnvironment('python-clients', join(import.meta.dirname, 'requirements.txt'), options);
  const { stdout } = await promisify(execFile)(python, ['-c', RUNNER, JSON.stringify(given), script]);
  return JSON.parse(stdout);
}
