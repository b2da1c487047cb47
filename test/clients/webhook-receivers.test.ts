import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { freePorts } from '../../infra/local/ports.ts';
import { signerOf, webhookHeaders } from '../../lib/push/attempt/signature.ts';
import { newSigningKey } from '../harness/push/signing.ts';
import { until } from '../harness/until.ts';

const run = promisify(execFile);
const page = await readFile(join(import.meta.dirname, '../../docs/api/subscriptions.md'), 'utf8');
/** Where Go installs itself, besides the folders of commands. */
const PATH = [process.env.PATH, '/usr/local/go/bin'].join(delimiter);

/** How the receiver of each language is run that the page has, by the language of its block. */
const languages: Record<string, { file: string; command: (file: string, folder: string) => Promise<[string, ...string[]]> }> = {
  js: { file: 'receiver.mjs', command: async (file) => [process.execPath, file] },
  python: { file: 'receiver.py', command: async (file) => ['python3', file] },
  go: {
    file: 'receiver.go',
    async command(file, folder) {
      const built = join(folder, 'receiver');
      await run('go', ['build', '-o', built, file], { env: { ...process.env, PATH, GO111MODULE: 'off', GOTOOLCHAIN: 'local' } });
      return [built];
    },
  },
};

const blockOf = (language: string): string => new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(page)?.[1] ?? '';

/** Runs the receiver of the page for the time of a test. Gives its URL. */
async function startReceiver(t: TestContext, language: string, key: string): Promise<string> {
  const { file, command } = languages[language];
  const folder = await mkdtemp(join(tmpdir(), 'receiver-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, file), blockOf(language));
  const [program, ...parameters] = await command(join(folder, file), folder);
  const [port] = await freePorts(1);
  const child = spawn(program, parameters, { env: { ...process.env, PORT: String(port), WEBHOOK_KEY: key }, stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  const url = `http://127.0.0.1:${port}/`;
  await until(async () => (await fetch(url, { method: 'POST', body: '' }).catch(() => null)) !== null);
  return url;
}

async function isThere(program: string): Promise<boolean> {
  return run('which', [program], { env: { ...process.env, PATH } }).then(
    () => true,
    () => false,
  );
}

for (const [language, needs] of [
  ['js', 'node'],
  ['python', 'python3'],
  ['go', 'go'],
]) {
  test(`the receiver in ${language} of the documentation takes what is signed with its key, and nothing else`, async (t) => {
    if (!(await isThere(needs))) return t.skip(`there is no ${needs} here`);
    const key = newSigningKey();
    const url = await startReceiver(t, language, key);
    const body = Buffer.from('{"total":5}');
    const at = Date.now();
    const post = async (signed: Record<string, string>, content = body): Promise<number> =>
      (await fetch(url, { method: 'POST', headers: signed, body: new Uint8Array(content) })).status;
    const headers = webhookHeaders('msg_1', at, body, [signerOf(key)]);

    const statuses = {
      signed: await post(headers),
      rotated: await post(webhookHeaders('msg_1', at, body, [signerOf(newSigningKey()), signerOf(key)])),
      otherKey: await post(webhookHeaders('msg_1', at, body, [signerOf(newSigningKey())])),
      otherBody: await post(headers, Buffer.from('{"total":6}')),
      otherId: await post({ ...headers, 'webhook-id': 'msg_2' }),
      old: await post(webhookHeaders('msg_1', at - 600_000, body, [signerOf(key)])),
    };

    assert.deepEqual(statuses, { signed: 204, rotated: 204, otherKey: 401, otherBody: 401, otherId: 401, old: 401 });
  });
}
