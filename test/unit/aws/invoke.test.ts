import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { invokeLater } from '../../../lib/aws/invoke.ts';
import { listenDuring } from '../../harness/http/loopback.ts';

/** Lambda, which answers with these statuses one after the other. */
async function lambda(t: TestContext, ...statuses: number[]) {
  const asked: { path: string | undefined; type: unknown; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    asked.push({ path: request.url, type: request.headers['x-amz-invocation-type'], body });
    response.writeHead(statuses.shift() ?? 500).end('no');
  });
  const url = await listenDuring(t, server);
  const access = () => ({ region: 'eu-west-1', accessKeyId: 'id', secretAccessKey: 'key', sessionToken: 'token', lambda: url });
  return { access, asked };
}

test('a function is called later, with what it is told', async (t) => {
  const { access, asked } = await lambda(t, 202);

  await invokeLater(access, 'reader:live', { shard: 3 });

  assert.deepEqual(asked, [{ path: '/2015-03-31/functions/reader:live/invocations', type: 'Event', body: '{"shard":3}' }]);
});

test('Lambda is asked again when it does not take it', async (t) => {
  const { access, asked } = await lambda(t, 500, 429, 202);

  await invokeLater(access, 'reader', {});

  assert.equal(asked.length, 3);
});

test('it fails when Lambda takes it at no try', async (t) => {
  const { access, asked } = await lambda(t, 403, 403, 403);

  await assert.rejects(invokeLater(access, 'reader', {}), { message: 'Lambda does not call reader' });
  assert.equal(asked.length, 3);
});
