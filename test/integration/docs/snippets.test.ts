import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { promisify } from 'node:util';
import { type Broker, startBroker } from '../../../infra/local/broker.ts';
import { createExampleTopic } from '../../../infra/local/example.ts';
import { type Gateway, startGateway } from '../../../infra/local/gateway.ts';
import { freePorts } from '../../../infra/local/ports.ts';
import { startTable, type TestTable } from '../../harness/aws/table.ts';
import { differenceOf } from '../../harness/docs/answer.ts';
import { type Block, blocksOf, pages, readPage } from '../../harness/docs/markdown.ts';
import { type Registry, startRegistry } from '../../harness/schema-registry/registry.ts';

// Every `sh` block of a page is run as a reader would run it, in the order of the page, and its output compared with the block after it.
// docs/contributing/testing.md says how such blocks are written.

/** The address that pages for people on their own machine have. */
const LOCAL_ADDRESS = 'http://127.0.0.1:8082';
const ANSWERS = ['json', 'http', 'text'];

const snippetPages = pages().filter((page) => /^(README|docs\/getting-started|docs\/api\/.+)\.md$/.test(page) && hasSnippets(page));

let started: { stop(): Promise<void> }[] = [];
let gateway: Gateway;
let directory: string;

before(async () => {
  const [broker, table, registry] = await Promise.all<[Promise<Broker>, Promise<TestTable>, Promise<Registry>]>([
    startBroker({ listeners: ['PLAINTEXT'] }),
    startTable(),
    startRegistry(),
  ]);
  started = [broker, table, registry];
  const [port] = await freePorts(1);
  const environment = {
    ...table.environment,
    KAFKA_BOOTSTRAP_SERVERS: broker.bootstrapServers,
    KAFKA_SECURITY_PROTOCOL: 'PLAINTEXT',
    GATEWAY_AUTH: 'none',
    GATEWAY_IDEMPOTENCY: '1h',
    SCHEMA_REGISTRY_URL: registry.url,
  };
  gateway = await startGateway(port, environment, new PassThrough().resume());
  started.unshift(gateway);
  // As npm start does.
  await createExampleTopic(gateway.url, null);
});

after(async () => {
  for (const part of started) await part.stop();
});

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'snippets-'));
});

afterEach(async () => {
  await removeAll();
  await rm(directory, { recursive: true });
});

for (const page of snippetPages) {
  test(`${page}: what its commands print is what it says`, async () => {
    const blocks = blocksOf(readPage(page));
    const differences: string[] = [];

    for (const [i, block] of blocks.entries()) {
      if (block.language !== 'sh') continue;
      const answer = blocks[i + 1];
      const difference =
        answer !== undefined && ANSWERS.includes(answer.language)
          ? differenceOf(answer.language, answer.text, await outputOf(block))
          : `needs its answer in a block after it, as one of ${ANSWERS.join(', ')}`;
      if (difference !== null) differences.push(`${page}:${block.line} ${difference}`);
    }

    assert.equal(differences.join('\n\n'), '');
  });
}

function hasSnippets(page: string): boolean {
  return blocksOf(readPage(page)).some(({ language }) => language === 'sh');
}

/** Runs a block in a shell that has the variables of those before it. */
async function outputOf({ text }: Block): Promise<string> {
  const state = join(directory, 'variables');
  await writeFile(state, '', { flag: 'a' });
  const script = `set -a; . '${state}'\n${text.replaceAll(LOCAL_ADDRESS, gateway.url)}\nexport -p > '${state}'`;
  const environment = { ...process.env, GATEWAY: gateway.url };
  const { stdout } = await promisify(execFile)('sh', ['-c', script], { cwd: directory, env: environment });
  return stdout;
}

/** What one page makes is not there for the next. */
async function removeAll(): Promise<void> {
  const get = async (path: string) => JSON.parse(await (await fetch(`${gateway.url}${path}`)).text());
  const remove = async (path: string) => {
    const { status } = await fetch(`${gateway.url}${path}`, { method: 'DELETE' });
    assert.equal(status, 204, path);
  };
  for (const { group_id } of (await get('/groups')).groups) await remove(`/groups/${group_id}`);
  const [{ cluster_id }] = (await get('/v3/clusters')).data;
  for (const topic of await get('/topics')) await remove(`/v3/clusters/${cluster_id}/topics/${topic}`);
}
