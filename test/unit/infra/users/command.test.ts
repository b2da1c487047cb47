import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { makeWorkspace } from '../../../../infra/local/workspace.ts';
import { USAGE, users } from '../../../../infra/users/command.ts';
import type { Store } from '../../../../infra/users/stores.ts';

let workspace: Awaited<ReturnType<typeof makeWorkspace>>;
let file: string;

beforeEach(async () => {
  workspace = await makeWorkspace();
  file = join(workspace.directory, 'users.json');
});
afterEach(() => workspace.remove());

const run = (...parameters: string[]) => users([...parameters, '--file', file], {});

suite('in a file', () => {
  test('accounts are made, rotated, listed and removed', async () => {
    const added = await run('add', 'alice', '--groups', 'a,b');
    const key = await run('add', 'sensor', '--api-key');
    const rotated = await run('rotate', 'sensor', '--api-key', '--keep-old');
    const listed = await run('list');
    await run('remove', 'alice');

    assert.match(added, /^[\w-]{32}\nis the password of alice\. It is shown this once\.$/);
    assert.match(key, /^sensor\.[\w-]{43}\nis the API key of sensor\./);
    assert.notEqual(rotated, key);
    assert.equal(listed, 'user\talice\ta,b\nAPI key\tsensor\t\tthe old one still works');
    assert.equal(await run('list'), 'API key\tsensor\t\tthe old one still works');
  });

  test('the names of groups may be spaced', async () => {
    await run('add', 'alice', '--groups', ' a , b,');

    assert.equal(await run('list'), 'user\talice\ta,b');
  });

  test('nobody but its owner reads it, and it holds no password', async () => {
    const [password] = (await run('add', 'alice')).split('\n');

    const { mode } = await stat(file);
    assert.equal(mode & 0o777, 0o600);
    assert.ok(!(await readFile(file, 'utf8')).includes(password));
  });

  test('nothing is changed that cannot be read', async () => {
    for (const text of [
      '{secret',
      '[]',
      '{"users": {"alice": {"hashes": ["hunter2"]}}}',
      '{"username":"gateway","password":"hunter2"}',
      '{"users":{},"keys":{},"password":"hunter2"}',
    ]) {
      await writeFile(file, text);

      await assert.rejects(run('add', 'bob'), (error) => error instanceof Error && !/secret|hunter2/.test(error.message));
      assert.equal(await readFile(file, 'utf8'), text);
    }
  });
});

test('without a file, the secret is that of the environment, or the one given', async () => {
  const asked: string[] = [];
  const store = (id: string): Store => {
    asked.push(id);
    return { read: async () => null, write: async () => {} };
  };

  await users(['list'], { GATEWAY_USERS_SECRET_ID: 'one' }, store);
  await users(['list', '--secret', 'two'], { GATEWAY_USERS_SECRET_ID: 'one' }, store);

  assert.deepEqual(asked, ['one', 'two']);
  await assert.rejects(users(['list'], {}, store), { message: /^Set GATEWAY_USERS_SECRET_ID/ });
});

test('a command that is none is answered with how it is used', async () => {
  for (const parameters of [[], ['add'], ['list', 'alice'], ['show', 'alice'], ['add', 'alice', 'bob']]) {
    await assert.rejects(users(parameters, {}), { message: USAGE });
  }
});
