import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonWriter } from '../../../../lib/json/json-writer.ts';
import { whole } from '../../../../lib/kafka/record.ts';
import { ByteSink } from '../../../../lib/schemas/byte-sink.ts';
import * as library from '../../../../lib/schemas/protobuf/bufbuild.optional.ts';
import { protobufCodec } from '../../../../lib/schemas/protobuf/codec.ts';
import { TextBudget } from '../../../../lib/schemas/text-budget.ts';
import { WorkBudget } from '../../../../lib/schemas/work-budget.ts';

const list = <Item>(length: number, item: (i: number) => Item): Item[] => Array.from({ length }, (_, i) => item(i));
const fields = (count: number): string => list(count, (i) => `int32 f${i} = ${i + 1};`).join('');
const codecOf = (text: string) => protobufCodec(library, `syntax = "proto3"; ${text}`);

const wide = `message M { repeated N n = 1; map<string, N> m = 2; } message N { ${fields(2000)} }`;
const any = `import "google/protobuf/any.proto"; message M { repeated google.protobuf.Any a = 1; } message N { ${fields(2000)} }`;
/** An Any of `N` without a value. */
const anyOfN = [0x0a, 4, 0x0a, 2, 0x2f, 0x4e];
/** An Any of an Any of `N`, the value before the type. */
const anyOfAny = (typeUrl = '/google.protobuf.Any') => {
  const inner = [0x12, 4, ...anyOfN.slice(2), 0x0a, typeUrl.length, ...Buffer.from(typeUrl)];
  return [0x0a, inner.length, ...inner];
};
const long = `message M { repeated E e = 1; } enum E { ${'V'.repeat(200)} = 0; }`;

for (const [what, text, bytes] of [
  ['messages without bytes', wide, [0, ...list(1000, () => [0x0a, 0]).flat()]],
  ['entries of a map without bytes', wide, [0, ...list(1000, () => [0x12, 2, 0x12, 0]).flat()]],
  ['messages in an Any', any, [0, ...list(1000, () => anyOfN).flat()]],
  ['messages in an Any in an Any', any, [0, ...list(1000, () => anyOfAny()).flat()]],
  ['packed values with long names', long, [0, 0x0a, 0x80, 0x80, 0x04, ...list(65_536, () => 0)]],
  ['values with long names one by one', long, [0, ...list(65_536, () => [0x08, 0]).flat()]],
] as const) {
  test(`${what} become no more text than a value may, and nothing is made of them before`, () => {
    const out = new JsonWriter(Buffer.alloc(1));
    const { heapUsed } = process.memoryUsage();

    assert.throws(() => codecOf(text).decode(whole(Buffer.from(bytes)), out, new TextBudget()), {
      message: 'is larger than 8388608 bytes as JSON',
    });
    assert.equal(out.at, 0);
    assert.ok(process.memoryUsage().heapUsed - heapUsed < 60e6);
  });
}

test('what is within the bounds is shown', () => {
  const out = new JsonWriter(Buffer.alloc(1));
  const budget = new TextBudget();

  codecOf('message M { repeated string s = 1; map<string, M> m = 2; repeated sint64 n = 3; }').decode(
    whole(Buffer.from([0, 0x0a, 1, 0x61, 0x12, 5, 0x0a, 1, 0x62, 0x12, 0, 0x1a, 2, 2, 4])),
    out,
    budget,
  );

  assert.equal(out.toString(), '{"s":["a"],"m":{"b":{"s":[],"m":{},"n":[]}},"n":["1","2"]}');
});

test('messages of JSON cost what they have fields', () => {
  const out = new ByteSink(new WorkBudget(100_000));
  out.begin();

  assert.throws(() => codecOf(wide).encode(whole(Buffer.from(`{"n":[${list(100, () => '{}').join()}]}`)), out), {
    message: /of all that the request has: send fewer records$/,
  });
});

for (const [what, one] of [
  ['an Any', '{"@type":"/N"}'],
  ['an Any in an Any', '{"@type":"/google.protobuf.Any","value":{"@type":"/N"}}'],
] as const) {
  test(`the message of JSON in ${what} costs what it has fields`, () => {
    const out = new ByteSink(new WorkBudget(100_000));
    out.begin();

    assert.throws(() => codecOf(any).encode(whole(Buffer.from(`{"a":[${list(100, () => one).join()}]}`)), out), {
      message: /of all that the request has: send fewer records$/,
    });
  });
}

test('the search for what does not fit ends', () => {
  const rest = `"m":${'{"m":'.repeat(80)}{"l":[${list(50_000, () => '{}').join()},{"x":1}]}${'}'.repeat(80)}`;
  const out = new ByteSink();
  out.begin();

  assert.throws(() => codecOf('message M { M m = 1; repeated M l = 2; }').encode(whole(Buffer.from(`{${rest}}`)), out), {
    message: 'must be M',
  });
});

for (const [what, text] of [
  ['too many fields', `message M { ${fields(31_000)} }`],
  ['names of too many parts', `package ${list(51, () => 'a').join('.')}; message M {}`],
  ['names that are too long', `message ${'M'.repeat(201)} {}`],
] as const) {
  test(`${what} are refused`, () => {
    assert.throws(() => codecOf(text), { message: /more than 30000|at most/ });
  });
}
