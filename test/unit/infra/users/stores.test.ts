import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { inSecret } from '../../../../infra/users/stores.ts';
import { listenDuring } from '../../../harness/http/loopback.ts';

/** What Secrets Manager is asked to keep by a store that finds no value, and how: in a secret that was made without one, or in none. */
async function keptIn(t: TestContext, SecretId: string, isThere: boolean): Promise<unknown[]> {
  const kept: unknown[] = [];
  const server = createServer(async (request, response) => {
    const [, operation] = String(request.headers['x-amz-target']).split('.');
    const { Name, SecretString } = await bodyOf(request);
    if (operation === 'GetSecretValue' || (operation === 'PutSecretValue' && !isThere)) refuse(response, 'ResourceNotFoundException');
    else if (operation === 'CreateSecret' && String(Name).includes(':')) refuse(response, 'InvalidParameterException');
    else if (operation === 'CreateSecret' && isThere) refuse(response, 'ResourceExistsException');
    else {
      kept.push(operation, ...(Name === undefined ? [] : [Name]), SecretString);
      response.end('{}');
    }
  });
  const endpoint = await listenDuring(t, server);
  const store = inSecret(SecretId, { endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'id', secretAccessKey: 'key' } });

  assert.equal(await store.read(), null);
  await store.write('{"users":{}}');

  return kept;
}

for (const id of ['users', 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:users-AbCdEf']) {
  test(`a secret that was made without a value gets one: it is read as one that does not exist (${id})`, async (t) => {
    assert.deepEqual(await keptIn(t, id, true), ['PutSecretValue', '{"users":{}}']);
  });
}

test('a secret that does not exist is made', async (t) => {
  assert.deepEqual(await keptIn(t, 'users', false), ['CreateSecret', 'users', '{"users":{}}']);
});

async function bodyOf(request: IncomingMessage): Promise<{ Name?: unknown; SecretString?: unknown }> {
  const body: unknown = await json(request);
  return typeof body === 'object' && body !== null ? body : {};
}

const refuse = (response: ServerResponse, type: string): void =>
  void response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1', connection: 'close' }).end(JSON.stringify({ __type: type }));
