import assert from 'node:assert/strict';
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { commandOf, suites, suitesOf } from '../../../harness/suites/suites.ts';

const repository = join(import.meta.dirname, '../../../..');
const find = (pattern: string): string[] => globSync(pattern, { cwd: repository }).toSorted();

test('every file of tests is in one suite', () => {
  const files = find('test/**/*.test.ts').map((file) => [file, ...suitesOf(file).map(({ name }) => name)]);

  assert.deepEqual(
    files.filter(({ length }) => length !== 2),
    [],
  );
});

/**
 * Whether a file of tests lies where its source does: `lib/a/b.ts` has test/unit/a/b.test.ts, and `b-c.test.ts` for a part of it.
 * What is true of all functions has no one source, and is in test/unit/functions.
 */
function hasSource(file: string): boolean {
  if (file.startsWith('test/unit/functions/')) return true;
  const place = file.replace(/^test\/unit\//, '').replace(/\.test\.ts$/, '');
  const roots = place.startsWith('infra/') ? [''] : place.startsWith('harness/') ? ['test/'] : ['lib/'];
  const exists = (path: string) => roots.some((root) => ['.ts', '.cjs'].some((end) => existsSync(join(repository, root + path + end))));
  for (let path = place; ; path = path.slice(0, path.lastIndexOf('-'))) {
    if (exists(path)) return true;
    if (path.lastIndexOf('-') <= path.lastIndexOf('/')) return false;
  }
}

test('every unit test lies where its source does', () => {
  const astray = find('test/unit/**/*.test.ts').filter((file) => !hasSource(file));

  assert.deepEqual(astray, []);
});

test('a unit test whose source is elsewhere, or nowhere, is found', () => {
  const files = [
    'test/unit/http/deadline.test.ts',
    'test/unit/errors-of-none.test.ts',
    'test/unit/err.test.ts',
    'test/unit/infra/errors.test.ts',
  ];

  assert.deepEqual(files.map(hasSource), [false, true, false, false]);
});

test('a suite’s files are run with what it needs started around them', () => {
  const [registry] = suites.filter(({ name }) => name === 'registry');

  const command = commandOf(registry, { flags: ['--watch'], files: ['test/registry/v3.test.ts'] });

  const started = command.filter((part) => part.startsWith('test/harness/'));
  assert.deepEqual(started, ['test/harness/kafka/with-kafka.ts', 'test/harness/schema-registry/with-registry.ts']);
  assert.deepEqual(command.slice(-2), ['--watch', 'test/registry/v3.test.ts']);
});
