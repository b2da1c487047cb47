import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { rows } from '../../../infra/functions.ts';

const root = join(import.meta.dirname, '../../..');
const VARIABLE = /\b(?:KAFKA|GATEWAY|SCHEMA_REGISTRY)_[A-Z\d_]*[A-Z\d]\b/g;

/** Variables that the system, AWS, or npm start sets. */
const OF_THE_SYSTEM = /^(?:PATH|AWS_.*|GATEWAY_BUILD_FOLDER)$/;

/** The variables that a text names. */
const namesIn = (text: string): string[] => text.match(VARIABLE) ?? [];
const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

/** What the code of lib/config names in its texts: variables, all of which it reads. */
async function readByConfig(): Promise<string[]> {
  const names: string[] = [];
  for await (const file of glob('lib/config/*.ts', { cwd: root })) {
    const code = (await readFile(join(root, file), 'utf8')).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
    names.push(...namesIn(code));
  }
  return sorted(names);
}

/** The rows of the tables of docs/operate/configuration.md that tell of variables of the functions. */
async function documented(): Promise<{ names: string[]; isLocal: boolean }[]> {
  const page = await readFile(join(root, 'docs/operate/configuration.md'), 'utf8');
  const sections = page.split(/^## /m).filter((section) => !/^(?:Deployment|One process|Local start)\n/.test(section));
  const rows = sections.join('').match(/^\| `.*$/gm) ?? [];
  return rows
    .filter((row) => !row.includes('For deployment only'))
    .map((row) => ({ names: namesIn(row.split('|')[1] ?? ''), isLocal: /[,;] for local use only/.test(row) }));
}

/** The variables that are handed to all functions, or to some. */
async function handedOver(): Promise<string[]> {
  const text = await readFile(join(root, 'serverless.yml'), 'utf8');
  const toAll = [...text.matchAll(/^ +([A-Z_]+): /gm)].flatMap(([, name = '']) => namesIn(name));
  return sorted([...toAll, ...rows.flatMap(([, { variables = [] }]) => variables.flatMap(namesIn))]);
}

test('the page on configuration tells of all variables that are read, and of no other', async () => {
  const rows = await documented();

  assert.deepEqual(sorted(rows.flatMap(({ names }) => names)), await readByConfig());
});

test('a variable is handed to functions, or is documented as one for local use only', async () => {
  const local = (await documented()).filter(({ isLocal }) => isLocal).flatMap(({ names }) => names);
  const handed = await handedOver();

  assert.deepEqual(sorted([...handed, ...local]), await readByConfig());
  assert.deepEqual(
    handed.filter((name) => local.includes(name)),
    [],
    'everyone who may look at a function would see them',
  );
});

test('the page on configuration tells of what deployments and local starts read', async () => {
  const page = await readFile(join(root, 'docs/operate/configuration.md'), 'utf8');
  const read: string[] = [];
  for await (const file of glob(['serverless.yml', 'infra/**/*.{yml,ts}'], { cwd: root })) {
    const text = await readFile(join(root, file), 'utf8');
    read.push(
      ...[...text.matchAll(/\$\{env:([A-Z\d_]+)|\b(?:env|environment)\.([A-Z\d_]+)\b/g)].map(([, deployed, local]) => deployed ?? local),
    );
  }

  assert.ok(read.includes('VPC_SUBNET_IDS') && read.includes('KAFKA_LOCAL_DATA'));
  assert.deepEqual(
    sorted(read).filter((name) => !page.includes(`\`${name}\``) && !OF_THE_SYSTEM.test(name)),
    [],
  );
});
