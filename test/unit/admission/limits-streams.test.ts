import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { countAgainstLimits } from '../../../lib/admission/limits.ts';
import { gatewayHandler } from '../../../lib/http/gateway-handler.ts';
import { startFakeDynamoDb } from '../../harness/aws/fake-dynamodb.ts';
import { captureLog, httpEvent, lambdaContext } from '../../harness/events/http-event.ts';

const dynamodb = await startFakeDynamoDb();
after(() => dynamodb.stop());

async function* endless(): AsyncGenerator<Buffer, void> {
  for (;;) yield Buffer.from('.');
}

async function* short(): AsyncGenerator<Buffer, void> {
  yield Buffer.from('.');
}

test('concurrency counts a stream for as long as it is open, however it ends', async (t) => {
  captureLog(t);
  const rules = JSON.stringify([{ kind: 'concurrency', key: 'all', limit: 1 }]);
  t.mock.property(process, 'env', { ...process.env, ...dynamodb.environment, GATEWAY_LIMITS: rules });
  const handler = gatewayHandler({
    async 'GET /topics/{topics}/records'(request) {
      await countAgainstLimits(request, 'read', [{ topic: 'orders' }]);
      const chunks = request.query.has('short') ? short() : endless();
      return { body: '', stream: { chunks, until: Date.now() + 60_000 } };
    },
  });
  const open = async (query = '') => handler(httpEvent('GET', '/topics/orders/records', { query }), lambdaContext());
  const begun = async (query?: string) => {
    const { statusCode, stream } = await open(query);
    assert.ok(stream, `${statusCode}`);
    const chunks = stream.chunks[Symbol.asyncIterator]();
    await chunks.next();
    return chunks;
  };

  const left = await begun();
  const whileOpen = await open();
  await left.return?.();
  const ended = await begun('short');
  const whileShort = await open();
  await ended.next();
  const last = await begun();
  await last.return?.();

  assert.deepEqual([whileOpen.statusCode, whileShort.statusCode], [429, 429]);
});
