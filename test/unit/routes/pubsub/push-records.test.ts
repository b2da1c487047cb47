import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCursor, writeCursor } from '../../../../lib/records/responses/cursor.ts';
import { pushRecords } from '../../../../lib/routes/pubsub/push-records.ts';
import { Credit } from '../../../../lib/sockets/credit.ts';
import { FakeLogs } from '../../../harness/fake-broker/fake-logs.ts';
import { subscriptionOf } from '../../../harness/pubsub/memory-sockets.ts';
import { stopTime, timePasses } from '../../../harness/virtual-time.ts';

process.env.GATEWAY_AUTH = 'none';

/** What a subscription that was opened for one partition is sent when its topic has so many, and the cursors that are saved. */
async function pushedWith(t: Parameters<typeof stopTime>[0], partitions: number) {
  stopTime(t);
  const kafka = new FakeLogs(1);
  const [first] = kafka.topic('t', ...Array<number>(partitions).fill(1));
  first.append('a', 'b');
  const texts: string[] = [];
  const saved: string[] = [];
  const stop = new AbortController();
  const tools = {
    cluster: kafka.cluster,
    credit: new Credit(10),
    async send(text: string) {
      texts.push(text);
      stop.abort();
      return true;
    },
    moved: (cursor: string) => void saved.push(cursor),
    stop: stop.signal,
  };
  const begin = writeCursor([{ topic: 't', partition: 0, offset: 1 }]);
  const end = await timePasses(t, pushRecords(subscriptionOf('7'), begin, tools));
  return { end, saved, told: texts.map((text) => JSON.parse(text)) };
}

test('a subscription goes on when its topic has gained partitions', async (t) => {
  const { end, saved, told } = await pushedWith(t, 20);

  assert.equal(end, 'stopped');
  assert.deepEqual(
    told.map(({ kafkaPush }) => kafkaPush.records.length),
    [1],
  );
  assert.equal(readCursor(saved[0]).length, 20);
});

test('a subscription ends with an error, and its last cursor, when its topic has gained more partitions than a cursor can hold', async (t) => {
  const { end, saved, told } = await pushedWith(t, 1500);

  assert.equal(end, 'failed');
  assert.deepEqual(saved, []);
  const [{ errorResp }] = told;
  assert.match(errorResp.detail, /^The topics have 1500 partitions, more than a cursor in a URL can hold: read fewer topics at a time/);
  assert.deepEqual(readCursor(errorResp.cursor), [{ topic: 't', partition: 0, offset: 1 }]);
});
