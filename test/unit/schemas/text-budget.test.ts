import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonWriter } from '../../../lib/json/json-writer.ts';
import { whole } from '../../../lib/kafka/record.ts';
import { avroCodec } from '../../../lib/schemas/avro/codec.ts';
import { TextBudget } from '../../../lib/schemas/text-budget.ts';

/** A zigzag varint of a count of 2^30. */
const MANY = [0x80, 0x80, 0x80, 0x80, 0x08];

const nested = (levels: number): unknown => {
  let type: unknown = { type: 'record', name: 'R0', fields: [] };
  for (let i = 1; i < levels; i++) {
    const fields = [
      { name: 'a', type },
      { name: 'b', type: `R${i - 1}` },
    ];
    type = { type: 'record', name: `R${i}`, fields };
  }
  return type;
};

const LONG = 'x'.repeat(200_000);
/** A record of 100 fields, where the first one's type defines a name that the others repeat. */
const fieldsOf = (typeOf: (isFirst: boolean) => unknown) => ({
  ...{ type: 'record', name: 'R' },
  fields: Array.from({ length: 100 }, (_, i) => ({ name: `f${i}`, type: typeOf(i === 0) })),
});
const longEnums = fieldsOf((isFirst) => (isFirst ? { type: 'enum', name: 'E', symbols: [LONG] } : 'E'));
const longBranches = fieldsOf((isFirst) => ['null', isFirst ? { type: 'fixed', name: LONG, size: 0 } : LONG]);

for (const [what, schema, bytes] of [
  ['items without bytes', { type: 'array', items: 'null' }, MANY],
  ['records without fields', { type: 'array', items: { type: 'record', name: 'R', fields: [] } }, MANY],
  ['arrays of empty fixed bytes', { type: 'array', items: { type: 'fixed', name: 'F', size: 0 } }, MANY],
  ['records that double at each level', nested(60), []],
  ['fields with the long symbol of an enum', longEnums, new Array(100).fill(0)],
  ['fields with the long name of a branch', longBranches, new Array(100).fill(2)],
] as const) {
  test(`${what} become no more text than a value may`, () => {
    const out = new JsonWriter(Buffer.alloc(1));

    assert.throws(() => avroCodec(JSON.stringify(schema)).decode(whole(Buffer.from(bytes)), out, new TextBudget()), {
      message: 'is larger than 8388608 bytes as JSON',
    });
    assert.ok(out.at < 8.5 * 2 ** 20);
  });
}
