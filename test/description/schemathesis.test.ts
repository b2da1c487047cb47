import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, suite, test } from 'node:test';
import { setLogLevel } from '../../lib/telemetry/log.ts';
import { call, configure } from '../harness/http/gateway.ts';
import { type HttpServer, serveFunctions } from '../harness/http/http-server.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { kafkaClient } from '../harness/kafka/topics.ts';
import { type PushWorld, startPush } from '../harness/push/push-environment.ts';
import { virtualEnvironment } from '../harness/python/python.ts';
import { sharedRegistry } from '../harness/schema-registry/shared-registry.ts';

// A generator of test cases reads /openapi.json and sends what fits it and what does not, from a fixed seed. A route is brought in by its
// description alone.

const SEED = 20_261_129;
/** Of each operation and kind; the bounds of each parameter and member are tried besides. */
const EXAMPLES = 6;
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'positive_data_acceptance',
  'negative_data_rejection',
];

const admin = kafkaClient().admin();
let push: PushWorld;
let server: HttpServer;
let directory: string;
let topicsBefore: string[];

before(async () => {
  [push, directory] = await Promise.all([startPush(), mkdtemp(join(tmpdir(), 'description-'))]);
  await admin.connect();
  topicsBefore = await admin.listTopics();
  configure(sharedKafka(), { ...push.environment, GATEWAY_IDEMPOTENCY: '1h', SCHEMA_REGISTRY_URL: sharedRegistry() });
  setLogLevel('error');
  server = await serveFunctions();
  // What the examples of the description are about.
  for (const topic_name of ['orders', 'payments']) await send('POST', '/admin/topics', { topic_name, partitions_count: 1 });
  await send('PUT', '/groups/billing/offsets', { offsets: [{ topic: 'orders', offset: 'earliest' }] });
  await send('POST', '/consumers/billing', { name: 'reader' });
});

after(async () => {
  await server?.stop();
  await push?.stop();
  await rm(directory, { recursive: true, force: true });
  const made = (await admin.listTopics()).filter((topic) => !topicsBefore.includes(topic) && !topic.startsWith('__'));
  await admin.deleteTopics({ topics: made });
  await admin.disconnect();
});

// At the same time, as they have no topics and groups of each other.
suite('a generator of test cases finds no difference between the description and the gateway', { concurrency: true }, () => {
  for (const [title, which, paths] of [
    ['in version 3 of the API', '--include-path-regex', '^/v3'],
    ['with records of topics', '--include-path-regex', '^/(topics|records)'],
    ['with queues and consumers', '--include-path-regex', '^/(queues|consumers)'],
    ['anywhere else', '--exclude-path-regex', '^/(v3|topics|records|queues|consumers)'],
  ]) {
    test(title, async () => {
      const python = await virtualEnvironment('python-schemathesis', join(import.meta.dirname, 'requirements.txt'));

      const { code, output } = await run(python, [
        ...['-m', 'schemathesis.cli', '--config-file', join(import.meta.dirname, 'schemathesis.toml')],
        ...['run', `${server.url}/openapi.json`, which, paths, '--checks', CHECKS.join()],
        ...['--seed', String(SEED), '--max-examples', String(EXAMPLES), '--phases', 'coverage,fuzzing'],
        ...['--continue-on-failure', '--no-color', '--warnings', 'off', '--suppress-health-check', 'all'],
      ]);

      assert.equal(code, 0, output);
    });
  }
});

const send = (method: string, path: string, body: object) =>
  call(method, path, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** Runs a command in the temporary directory, as the generator keeps its examples where it stands. */
async function run(command: string, parameters: string[]): Promise<{ code: number | null; output: string }> {
  const env = { ...process.env, PYTHONPATH: import.meta.dirname, SCHEMATHESIS_HOOKS: 'hooks' };
  const child = spawn(command, parameters, { cwd: directory, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  return { output: await text(child.stdout), code: await ended };
}
