import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readForSockets } from '../../../../lib/routes/pubsub/read-for-sockets.ts';
import { startParameterStore } from '../../../harness/aws/parameter-store.ts';
import { captureLog } from '../../../harness/events/http-event.ts';

test('a reader waits for the document of variables, as long as it has time', async (t) => {
  await using store = await startParameterStore('{"GATEWAY_LOG_LEVEL":"info"}');
  t.mock.property(process, 'env', { ...process.env, ...store.environment });
  const lines = captureLog(t);
  // With the document it goes on, and finds that this gateway has no readers.
  const read = (timeLeft: number) => readForSockets()({ shard: 0 }, { getRemainingTimeInMillis: () => timeLeft });
  const goneOn = { name: 'NotSupported' };

  store.failing = 2;
  await assert.rejects(read(0), { name: 'StorageUnavailable' });
  store.failing = 2;
  await assert.rejects(read(900_000), goneOn);

  assert.deepEqual(
    lines.map(({ event }) => event),
    [...Array(4).fill('config_unread'), 'config_taken'],
  );
});
