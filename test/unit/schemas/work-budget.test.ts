import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Slice, whole } from '../../../lib/kafka/record.ts';
import { avroCodec } from '../../../lib/schemas/avro/codec.ts';
import { ByteSink } from '../../../lib/schemas/byte-sink.ts';
import { WorkBudget } from '../../../lib/schemas/work-budget.ts';

const record = (name: string, fields: unknown[]) => ({ type: 'record', name, fields });

/** Encodes texts in one request, and returns how many fit its budget. */
function encodeAll(schema: unknown, texts: readonly string[], budget = new WorkBudget()): number {
  const codec = avroCodec(JSON.stringify(schema));
  const out = new ByteSink(budget);
  const slices: Slice[] = [];
  try {
    for (const text of texts) {
      out.begin();
      codec.encode(whole(Buffer.from(text)), out);
      slices.push(out.finish());
    }
  } catch (error) {
    assert.match(error instanceof Error ? error.message : '', /of all that the request has: send fewer records$/);
  }
  return slices.length;
}

test('defaults make no more bytes than a request may', () => {
  const large = record('R', [{ name: 'a', type: 'string', default: 'x'.repeat(1_000_000) }]);
  const { rss } = process.memoryUsage();

  const written = encodeAll(
    large,
    Array.from({ length: 10_000 }, () => '{}'),
  );

  assert.ok(written > 10 && written < 100, `${written}`);
  assert.ok(process.memoryUsage().rss - rss < 150e6);
});

test('defaults that double at each level are bounded', () => {
  let type: unknown = record('R0', [{ name: 'a', type: 'string', default: 'x' }]);
  for (let i = 1; i < 60; i++) {
    type = record(`R${i}`, [
      { name: 'a', type, default: {} },
      { name: 'b', type: `R${i - 1}`, default: {} },
    ]);
  }

  assert.equal(encodeAll(type, ['{}']), 0);
});

test('the bytes of a default take no more memory than they are long', () => {
  const fields = Array.from({ length: 20_000 }, (_, i) => ({ name: `f${i}`, type: 'int', default: i }));
  const { arrayBuffers } = process.memoryUsage();

  assert.equal(encodeAll(record('R', fields), ['{}']), 1);
  assert.ok(process.memoryUsage().arrayBuffers - arrayBuffers < 20e6);
});

test('branches that are tried in vain count for the whole request', () => {
  const branches = Array.from({ length: 5000 }, (_, i) => record(`R${i}`, [{ name: 'a', type: 'int' }]));

  const written = encodeAll(
    { type: 'array', items: [...branches, record('S', [{ name: 'b', type: 'int' }])] },
    Array.from({ length: 1000 }, () => '[{"b":1}]'),
  );

  assert.ok(written > 10 && written < 200, `${written}`);
});

test('fields that have a default count although no value names them', () => {
  const fields = Array.from({ length: 1000 }, (_, i) => ({ name: `f${i}`, type: 'null', default: null }));

  assert.equal(encodeAll(record('R', fields), ['{}', '{}', '{}'], new WorkBudget(3500)), 2);
});
