import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTraceparent, traceOf, traceparent } from '../../../lib/telemetry/trace-context.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

test('a traceparent is read, of later versions too, and written as it was', () => {
  const text = `00-${traceId}-${spanId}-01`;

  const context = readTraceparent(text, 'vendor=1');

  assert.deepEqual(context, { traceId, spanId, isSampled: true, state: 'vendor=1' });
  assert.equal(context && traceparent(context), text);
  assert.equal(readTraceparent(`01-${traceId}-${spanId}-02-more`)?.isSampled, false);
});

test('what is no traceparent is none', () => {
  const zeros = '0'.repeat(32);
  for (const text of [
    '',
    'x',
    `ff-${traceId}-${spanId}-01`,
    `00-${zeros}-${spanId}-01`,
    `00-${traceId}-${zeros.slice(16)}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${traceId}-${spanId}-01x`,
    `00-${traceId}-${spanId}-01-more`,
  ]) {
    assert.equal(readTraceparent(text), null, text);
  }
});

test('a tracestate that a header cannot hold is left out', () => {
  assert.equal(readTraceparent(`00-${traceId}-${spanId}-01`, 'a\nb')?.state, null);
  assert.equal(readTraceparent(`00-${traceId}-${spanId}-01`, 'a'.repeat(513))?.state, null);
});

test("AWS's header counts where there is no traceparent", () => {
  const amazon = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0';

  assert.deepEqual(traceOf({ 'x-amzn-trace-id': amazon }), {
    traceId: '5759e988bd862e3fe1be46a994272793',
    spanId: '53995c3f42cd8ad8',
    isSampled: false,
    state: null,
  });
  assert.equal(traceOf({ 'x-amzn-trace-id': 'Root=1-5759e988-bd862e3fe1be46a994272793' })?.spanId, null);
  assert.equal(traceOf({ 'x-amzn-trace-id': amazon, traceparent: `00-${traceId}-${spanId}-01` })?.traceId, traceId);
  assert.equal(traceOf({ 'x-amzn-trace-id': 'Root=1-xyz' }), null);
  assert.equal(traceOf({ 'x-amzn-trace-id': 'Root=1-00000000-000000000000000000000000' }), null);
  assert.equal(traceOf({ 'x-amzn-trace-id': amazon.replace('53995c3f42cd8ad8', '0000000000000000') })?.spanId, null);
  assert.equal(traceOf({}), null);
});
