import { existsSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageFunctions } from '../lambda/package-functions.ts';
import { runCommand } from '../run-command.ts';
import { commandOf, type Suite, suites, suitesOf } from './suites.ts';

// npm run test:one -- <file …> [flag of node --test …]: runs test files like their suite, and starts what they need. Example:
//   npm run test:one -- test/integration/produce/acks.test.ts --test-name-pattern=acks --watch

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const parameters = process.argv.slice(2);
const flags = parameters.filter((parameter) => parameter.startsWith('-'));
const files = parameters.filter((parameter) => !parameter.startsWith('-')).map(fromRepository);
if (files.length === 0) fail('Usage: npm run test:one -- <file of tests …> [flag of node --test …]');

const wanted = new Map<Suite, string[]>();
for (const file of files) {
  const [suite] = suitesOf(file);
  if (suite === undefined || !existsSync(join(repository, file))) {
    fail(`${file} is not a test of a suite. Name a file of ${suites.flatMap((one) => one.files).join(', ')}`);
  }
  wanted.set(suite, [...(wanted.get(suite) ?? []), file]);
}

for (const [suite, own] of wanted) {
  if (suite.needs.includes('zips')) await packageFunctions();
  const exitCode = await runCommand(commandOf(suite, { flags, files: own }));
  if (exitCode !== 0) process.exitCode = exitCode;
}

/** npm runs scripts in the repository, wherever it was called. */
function fromRepository(file: string): string {
  return relative(repository, resolve(process.env.INIT_CWD ?? process.cwd(), file)).replaceAll(sep, '/');
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
