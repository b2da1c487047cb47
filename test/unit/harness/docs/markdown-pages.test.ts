import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite, test } from 'node:test';
import { anchorsOf, blocksOf, pages, proseOf, readPage, repository } from '../../../harness/docs/markdown.ts';

/** What git knows, or would if it were added. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: repository, encoding: 'utf8' })
  .split('\n')
  .filter((file) => existsSync(join(repository, file)));

const entries = new Set(files.flatMap((file) => [file, ...parentsOf(file)]));

function parentsOf(file: string): string[] {
  const parent = dirname(file);
  return parent === '.' ? [] : [parent, ...parentsOf(parent)];
}

/** `<name>` and `*` stand for any name. */
function exists(path: string): boolean {
  const clean = path.replace(/\/$/, '');
  if (!/[<*]/.test(clean)) return entries.has(clean);
  const pattern = new RegExp(`^${clean.replaceAll('.', '\\.').replaceAll(/<[^>]+>|\*/g, '[^/]+')}$`);
  return [...entries].some((entry) => pattern.test(entry));
}

const FILE = /^(?:(?:functions|lib|infra|test|docs|\.github|\.vscode|\.devcontainer)\/[\w./<>*-]*|[\w-]+\.(?:yml|yaml|json|md))$/;
/** Files that readers have, and we do not. */
const OTHERS = ['users.json', 'docs.html'];

for (const page of pages()) {
  suite(page, () => {
    test('every link leads somewhere', () => {
      const links = [...proseOf(readPage(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);

      const broken = links.filter((link) => {
        if (/^[a-z]+:/.test(link)) return false;
        const [path, anchor] = link.split('#');
        const target = path === '' ? page : join(dirname(page), path);
        return !exists(target) || (anchor !== undefined && !anchorsOf(readPage(target)).includes(anchor));
      });

      assert.deepEqual(broken, []);
    });

    test('every file that it names exists', () => {
      const named = [...proseOf(readPage(page)).matchAll(/`([^`\s]+)`/g)].map(([, text]) => text);

      const missing = named.filter((text) => FILE.test(text) && !OTHERS.includes(text) && !exists(text));

      assert.deepEqual(missing, []);
    });
  });
}

test('the page of the architecture names every room', () => {
  const page = readPage('docs/contributing/architecture.md');
  const rooms = new Set(files.flatMap((file) => file.match(/^lib\/[\w-]+\//) ?? []));

  assert.deepEqual(
    [...rooms].filter((room) => !page.includes(`\`${room}\``)),
    [],
  );
});

test('every page is in the table of contents', () => {
  const contents = readPage('docs/README.md');

  const missing = pages().filter(
    (page) => page.startsWith('docs/') && page !== 'docs/README.md' && !contents.includes(page.slice('docs/'.length)),
  );

  assert.deepEqual(missing, []);
});

test('README.md is a page to read at once', () => {
  assert.ok(readPage('README.md').split('\n').length <= 151);
});

test('commands that no test runs are not in the pages whose commands are run', () => {
  const run = /^(README|docs\/getting-started|docs\/api\/.+)\.md$/;
  const blocks = pages().flatMap((page) => blocksOf(readPage(page)).map((block) => ({ page, ...block })));

  const astray = blocks.filter(({ page, language }) => language === 'sh' && !run.test(page));
  const hidden = blocks.filter(
    ({ page, language, text }) => page.startsWith('docs/api/') && language === 'console' && /\bcurl\b/.test(text),
  );

  assert.deepEqual([...astray, ...hidden], []);
});

test('no two pages create a topic of the same name, so that readers can follow one after the other', () => {
  const created = pages().flatMap((page) =>
    blocksOf(readPage(page))
      .filter(({ language }) => language === 'sh')
      .flatMap(({ text }) => [...text.matchAll(/-d '\{"topic_name":"([^"]+)"/g)].map(([, topic]) => ({ page, topic }))),
  );

  const pagesOf = Map.groupBy(created, ({ topic }) => topic);
  const shared = [...pagesOf].filter(([, places]) => new Set(places.map(({ page }) => page)).size > 1);

  assert.notEqual(created.length, 0);
  assert.deepEqual(shared, []);
});
