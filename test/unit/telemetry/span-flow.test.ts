import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { kinds, RequestTrace, tracingSettings } from '../../../lib/telemetry/request-trace.ts';
import { SpanFlow } from '../../../lib/telemetry/span-flow.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../../harness/metrics/otlp-receiver.ts';
import { until } from '../../harness/until.ts';
import { stopTime } from '../../harness/virtual-time.ts';

/** So that a busy machine drops nothing. */
const PATIENT_MS = 10_000;

let receiver: OtlpReceiver;
before(async () => {
  receiver = await startOtlpReceiver();
  Object.assign(tracingSettings, { exportTo: receiver.url, exportMs: PATIENT_MS });
});
beforeEach(() => void receiver.spans.splice(0));
after(() => receiver.stop());

function flowing() {
  const trace = new RequestTrace({});
  const flow = new SpanFlow(trace, 'gateway-dev');
  const add = (count: number): void => {
    for (let i = 0; i < count; i++) {
      trace.add({ name: 'process orders', kind: kinds.consumer, start: trace.now() }, {});
      flow.grown();
    }
  };
  return { trace, flow, add };
}

const received = (count: number): Promise<void> => until(async () => receiver.spans.length >= count);

test('a span is handed over after five seconds, although what it is of goes on', async (t) => {
  stopTime(t);
  const { flow, add } = flowing();

  add(2);
  t.mock.timers.tick(4999);
  const before5s = receiver.spans.length;
  t.mock.timers.tick(1);
  t.mock.timers.reset();
  await received(2);
  const spans = receiver.spans.map(({ name }) => name);
  await flow.end();

  assert.equal(before5s, 0);
  assert.deepEqual(spans, ['process orders', 'process orders']);
  assert.deepEqual([receiver.spans.length, flow.dropped], [2, 0]);
});

test('many spans wait for no time, and what comes meanwhile follows', async () => {
  const { flow, add } = flowing();

  add(64);
  add(64);
  await received(128);
  add(1);
  await flow.end();

  assert.deepEqual([receiver.spans.length, flow.dropped], [129, 0]);
});

test('while the collector takes its time, spans wait up to a number, and those beyond are dropped and counted', async (t) => {
  const held: (() => void)[] = [];
  const taken = receiver.answer;
  t.after(() => {
    receiver.answer = taken;
  });
  receiver.answer = (response) => void held.push(() => taken(response));
  const { trace, flow, add } = flowing();

  add(64);
  await until(async () => held.length === 1);
  add(600);
  const waiting = trace.spans.length;
  receiver.answer = taken;
  held[0]();
  await received(64 + 512);
  await flow.end();

  assert.deepEqual([waiting, receiver.spans.length, flow.dropped], [512, 64 + 512, 88]);
});
