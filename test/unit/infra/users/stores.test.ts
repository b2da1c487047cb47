import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { test } from 'node:test';
import { inSecret } from '../../../../infra/users/stores.ts';

test('a secret that was made without a value gets one: it is read as one that does not exist', async (t) => {
  let kept: unknown = null;
  const server = createServer(async (request, response) => {
    const [, operation] = String(request.headers['x-amz-target']).split('.');
    const { SecretString } = await bodyOf(request);
    if (operation === 'GetSecretValue') refuse(response, 'ResourceNotFoundException');
    else if (operation === 'CreateSecret') refuse(response, 'ResourceExistsException');
    else {
      kept = SecretString;
      response.end('{}');
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  const endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const store = inSecret('users', { endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'id', secretAccessKey: 'key' } });

  const before = await store.read();
  await store.write('{"users":{}}');

  assert.deepEqual([before, kept], [null, '{"users":{}}']);
});

async function bodyOf(request: IncomingMessage): Promise<{ SecretString?: unknown }> {
  const body: unknown = await json(request);
  return typeof body === 'object' && body !== null ? body : {};
}

const refuse = (response: ServerResponse, type: string): void =>
  void response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1', connection: 'close' }).end(JSON.stringify({ __type: type }));
