import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPage } from '../../../harness/docs/markdown.ts';
import { withTable } from '../../../harness/docs/page.ts';

test('a table takes the place of the one between its markers', () => {
  const page = 'a\n<!-- bench:fetch:begin -->\n| old |\n<!-- bench:fetch:end -->\nb\n';

  assert.equal(withTable(page, 'fetch', '| new |\n'), 'a\n<!-- bench:fetch:begin -->\n| new |\n<!-- bench:fetch:end -->\nb\n');
});

test('a part without a place on the page is refused', () => {
  assert.throws(() => withTable('a\n', 'fetch', '| new |\n'), /no place for the table of fetch/);
});

test('the page of benchmarks has a place for every part', () => {
  const page = readPage('docs/reference/benchmarks.md');

  for (const part of ['machine', 'produce', 'schemas', 'fetch', 'pages', 'packaged']) {
    assert.ok(withTable(page, part, `| ${part} |\n`).includes(`| ${part} |`));
  }
});
