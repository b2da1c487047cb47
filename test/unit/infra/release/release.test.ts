import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { release } from '../../../../infra/release/release.ts';

const changelog = '# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Pages.\n\n## [0.1.0] - 2025-12-01\n\n- Produce.\n';
const packageJson = '{\n  "name": "gateway",\n  "version": "0.1.0"\n}\n';
const lock =
  '{\n  "version": "0.1.0",\n  "lockfileVersion": 3,\n  "packages": {\n    "": { "version": "0.1.0" },\n    "node_modules/a": { "version": "0.1.0" }\n  }\n}\n';

let directory: string;

const git = (...parameters: string[]) => execFileSync('git', parameters, { cwd: directory, encoding: 'utf8' }).trim();
const write = (file: string, text: string) => writeFileSync(join(directory, file), text);
const read = (file: string) => readFileSync(join(directory, file), 'utf8');

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'release-'));
  git('init', '--quiet', '--initial-branch', 'main');
  for (const [name, value] of [
    ['user.name', 'Test'],
    ['user.email', 'test@example.com'],
    ['commit.gpgsign', 'false'],
    ['tag.gpgsign', 'false'],
    ['core.hooksPath', '/dev/null'],
  ]) {
    git('config', name, value);
  }
  write('CHANGELOG.md', changelog);
  write('package.json', packageJson);
  write('package-lock.json', lock);
  git('add', '.');
  git('commit', '--quiet', '--message', 'first');
});

afterEach(() => rmSync(directory, { recursive: true }));

test('a release has the version, its part of the changelog, a commit and a tag', async () => {
  const tag = await release(directory, '0.2.0', '2026-01-31');

  assert.equal(tag, 'v0.2.0');
  assert.equal(
    read('CHANGELOG.md'),
    '# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-01-31\n\n### Added\n\n- Pages.\n\n## [0.1.0] - 2025-12-01\n\n- Produce.\n',
  );
  assert.equal(read('package.json'), packageJson.replace('0.1.0', '0.2.0'));
  assert.equal(git('log', '-1', '--format=%s'), 'chore(release): 0.2.0');
  assert.equal(git('rev-parse', 'v0.2.0^{commit}'), git('rev-parse', 'HEAD'));
  assert.equal(git('cat-file', '-t', 'v0.2.0'), 'tag');
  assert.equal(git('status', '--porcelain'), '');
});

test('a lock file keeps the versions of other packages', async () => {
  await release(directory, '0.2.0', '2026-01-31');

  assert.deepEqual(read('package-lock.json').match(/"version": "[^"]+"/g), [
    '"version": "0.2.0"',
    '"version": "0.2.0"',
    '"version": "0.1.0"',
  ]);
});

test('the first release may have the version that package.json has', async () => {
  write('CHANGELOG.md', '# Changelog\n\n## [Unreleased]\n\n- Produce.\n');
  git('commit', '--all', '--quiet', '--message', 'nothing was released');

  assert.equal(await release(directory, '0.1.0', '2026-01-31'), 'v0.1.0');
  assert.equal(read('CHANGELOG.md'), '# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - 2026-01-31\n\n- Produce.\n');
});

const refusals: [name: string, version: string, prepare: () => void, message: RegExp][] = [
  ['of another branch', '0.2.0', () => git('switch', '--quiet', '--create', 'other'), /The branch is other: switch to main/],
  ['of a tree with changes', '0.2.0', () => write('new', ''), /has changes: commit or stash them/],
  ['with a tag that exists', '0.2.0', () => git('tag', 'v0.2.0'), /a tag v0\.2\.0 already/],
  ['that is older', '0.0.9', () => {}, /0\.0\.9 does not come after 0\.1\.0/],
  ['without a version', 'next', () => {}, /"next" is not a version/],
  [
    'without anything new',
    '0.2.0',
    () => {
      write('CHANGELOG.md', changelog.replace('- Pages.\n', ''));
      git('commit', '--all', '--quiet', '--message', 'empty');
    },
    /no entries under "Unreleased"/,
  ],
];

for (const [name, version, prepare, message] of refusals) {
  test(`a release ${name} is refused, and nothing changes`, async () => {
    prepare();
    const before = [git('status', '--porcelain'), git('rev-parse', 'HEAD'), git('tag')];

    await assert.rejects(release(directory, version, '2026-01-31'), { message });

    assert.deepEqual([git('status', '--porcelain'), git('rev-parse', 'HEAD'), git('tag')], before);
  });
}

test('a release that cannot be committed or tagged changes nothing', async () => {
  for (const setting of ['commit.gpgsign', 'tag.gpgsign']) {
    git('config', 'gpg.program', 'false');
    git('config', setting, 'true');
    const before = [git('status', '--porcelain'), git('rev-parse', 'HEAD'), git('tag')];

    await assert.rejects(release(directory, '0.2.0', '2026-01-31'));

    assert.deepEqual([git('status', '--porcelain'), git('rev-parse', 'HEAD'), git('tag')], before);
    git('config', setting, 'false');
  }
});
