import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoredRecord } from '../../../../lib/kafka/record.ts';
import { recordLinks } from '../../../../lib/routes/traced/record-links.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const contextOf = (number: number): string => `00-${traceId}-${number.toString(16).padStart(16, '0')}-01`;

function recordWith(headers: Record<string, string | null> | null): StoredRecord {
  const list = headers && Object.entries(headers).map(([key, value]) => ({ key, value: value === null ? null : Buffer.from(value) }));
  return { offset: 0, timestamp: 0, key: null, value: null, headers: list };
}

test('each context that records carry is linked once, with its state', () => {
  const state = { traceparent: contextOf(1), tracestate: 'vendor=1' };

  const { links, droppedLinks } = recordLinks([
    recordWith(state),
    recordWith(null),
    recordWith(state),
    recordWith({ traceparent: contextOf(2) }),
  ]);

  assert.deepEqual(links, [
    { traceId, spanId: '0000000000000001', isSampled: true, state: 'vendor=1' },
    { traceId, spanId: '0000000000000002', isSampled: true, state: null },
  ]);
  assert.equal(droppedLinks, 0);
});

test('what is no context is linked to nothing, and is not counted', () => {
  const none = [{ traceparent: null }, { traceparent: 'orders' }, { traceparent: `00-${traceId}-${'0'.repeat(16)}-01` }, { b3: traceId }];

  assert.deepEqual(recordLinks(none.map(recordWith)), { links: [], droppedLinks: 0 });
});

test('of more than 128 contexts, the first are linked and the others counted', () => {
  const records = Array.from({ length: 300 }, (_, i) => recordWith({ traceparent: contextOf(1 + (i % 150)) }));

  const { links, droppedLinks } = recordLinks(records);

  assert.deepEqual([links.length, droppedLinks, links.at(-1)?.spanId], [128, 22, '0000000000000080']);
});
