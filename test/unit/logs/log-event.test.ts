import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchesOf } from '../../../lib/logs/log-event.ts';
import { logsEvent, queuedEvent } from '../../harness/events/logs-event.ts';

const entry = { id: '1', timestamp: 1_800_000_000_000, message: 'text' };

test('an event of CloudWatch Logs has the entries of a stream', async () => {
  assert.deepEqual(await batchesOf(logsEvent([entry])), [{ group: '/aws/http-api/gateway', stream: 'stream', entries: [entry] }]);
});

test('what a queue has kept is read as it was brought the first time', async () => {
  const event = logsEvent([entry]);

  assert.deepEqual(await batchesOf(queuedEvent(event)), await batchesOf(event));
});

test('a control message has none', async () => {
  assert.deepEqual(await batchesOf(logsEvent([entry], { type: 'CONTROL_MESSAGE' })), []);
});

test('another event fails, and so it is kept', async () => {
  const wrong = { awslogs: { data: logsEvent([]).awslogs.data.slice(0, 40) } };
  for (const event of [{}, null, { Records: [{ body: '{}' }] }, wrong, logsEvent([{ ...entry, id: JSON.parse('1') }])]) {
    await assert.rejects(batchesOf(event));
  }
});
