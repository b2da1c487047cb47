import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { PushedRecord } from '../../../../lib/pubsub/messages.ts';
import { tracedPush } from '../../../../lib/routes/pubsub/traced-push.ts';
import { OwnTrace } from '../../../../lib/routes/traced/own-trace.ts';
import { tracingSettings } from '../../../../lib/telemetry/request-trace.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../../../harness/metrics/otlp-receiver.ts';

const record: PushedRecord = {
  ...{ topic: 'orders', partition: 0, offset: 7, timestamp: 0, key: null, value: 'one' },
  ...{ headers: [{ key: 'traceparent', value: Buffer.from('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01') }], tooLarge: '' },
};

let collector: OtlpReceiver;
before(async () => {
  collector = await startOtlpReceiver();
  Object.assign(tracingSettings, { exportTo: collector.url, exportMs: 10_000 });
});
after(() => collector.stop());

test('a push that nobody is there for says so in its span', async () => {
  const trace = OwnTrace.begin('push');

  const isThere = await tracedPush(trace, [record], async () => false);
  const dropped = await trace?.end();

  const [span] = collector.spans.splice(0);
  assert.deepEqual([isThere, dropped], [false, 0]);
  assert.equal(span.name, 'process orders');
  assert.equal(span.attributes['error.type'], 'ClientGone');
});

test('a push without records has no span', async () => {
  const trace = OwnTrace.begin('push');

  const isThere = await tracedPush(trace, [], async () => true);
  await trace?.end();

  assert.equal(isThere, true);
  assert.deepEqual(collector.spans, []);
});
