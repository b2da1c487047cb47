import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Misfit } from '../../../../lib/schemas/misfit.ts';
import * as library from '../../../../lib/schemas/protobuf/bufbuild.optional.ts';
import { protobufCodec } from '../../../../lib/schemas/protobuf/codec.ts';
import { decode, encode } from '../translate.ts';

const google = (...names: string[]) => names.map((name) => `import "google/protobuf/${name}.proto";`).join(' ');
const there = (schema: string, json: string): unknown => {
  const codec = protobufCodec(library, `syntax = "proto3"; ${schema}`);
  return JSON.parse(decode(codec, encode(codec, json)));
};

const wide = 'message M { int64 a = 1; uint64 b = 2; sint64 c = 3; fixed64 d = 4; sfixed64 e = 5; }';

test('integers of 64 bits may be numbers up to their maxima, in any way of writing', () => {
  const max = '9223372036854775807';

  assert.deepEqual(there(wide, `{"a":${max},"b":18446744073709551615,"c":-9223372036854775808,"d":18446744073709551615,"e":${max}}`), {
    ...{ a: max, b: '18446744073709551615', c: '-9223372036854775808', d: '18446744073709551615', e: max },
  });
  assert.deepEqual(there(wide, '{"a":9.223372036854775807e18,"b":1e19,"c":1e18,"d":0,"e":"-5"}'), {
    ...{ a: max, b: '10000000000000000000', c: '1000000000000000000', d: '0', e: '-5' },
  });
  for (const json of ['{"a":9223372036854775808}', '{"b":18446744073709551616}', '{"a":9007199254740993.5}', '{"b":-1}', '{"a":1e400}'])
    assert.throws(() => there(wide, json), { message: /must be u?int64/ });
});

test('they may stand in lists, maps, oneofs, wrappers and messages', () => {
  const schema = `${google('wrappers')} message M { repeated int64 l = 1; map<string, uint64> m = 2; oneof o { int64 x = 3; string y = 4; }
    google.protobuf.Int64Value w = 5; google.protobuf.UInt64Value u = 6; M n = 7; map<string, M> p = 8; repeated M q = 9; }`;
  const max = 9223372036854775807n;
  const json = `{"l":[1,${max}],"m":{"k":${max}},"x":${max},"w":${max},"u":${max},"n":{"x":${max}},"p":{"k":{"x":${max}}},"q":[{"x":${max}}]}`;

  const inner = { x: `${max}`, l: [], m: {}, p: {}, q: [] };
  assert.deepEqual(there(schema, json), {
    ...{ l: ['1', `${max}`], m: { k: `${max}` }, x: `${max}`, w: `${max}`, u: `${max}`, n: inner, p: { k: inner }, q: [inner] },
  });
});

test('numbers in any JSON stay numbers, and text stays text', () => {
  const schema = `${google('struct')} message M { google.protobuf.Struct s = 1; google.protobuf.Value v = 2; google.protobuf.ListValue l = 3;
    map<string, google.protobuf.Value> m = 4; }`;
  const value = { micros: 1767225600123456, deep: [{ n: 12345678901234568 }], t: '1767225600123456', __proto: 1.5 };
  const json = JSON.stringify({ s: value, v: 1767225600123456, l: [1767225600123456, '1767225600123456'], m: { a: value } });

  assert.deepEqual(there(schema, json), JSON.parse(json));
});

test('numbers in an Any are those of its message, also of one that the schema does not import', () => {
  const schema = `${google('any')} message M { google.protobuf.Any a = 1; google.protobuf.Any b = 2; google.protobuf.Any c = 3; Inner i = 4; }
    message Inner { int64 n = 1; double d = 2; }`;
  const type = (name: string) => `"@type":"type.googleapis.com/${name}"`;
  const json = `{"a":{${type('Inner')},"n":9223372036854775807,"d":1767225600123456789},"b":{${type('google.protobuf.Value')},"value":1767225600123456},
    "c":{${type('google.protobuf.Duration')},"value":"1.5s"}}`;

  assert.deepEqual(there(schema, json), {
    a: { '@type': 'type.googleapis.com/Inner', n: '9223372036854775807', d: 1767225600123456800 },
    b: { '@type': 'type.googleapis.com/google.protobuf.Value', value: 1767225600123456 },
    c: { '@type': 'type.googleapis.com/google.protobuf.Duration', value: '1.500s' },
  });
});

test('a number too large for a double or a float is refused', () => {
  const schema = `${google('struct')} message M { double d = 1; float f = 2; google.protobuf.Value v = 3; repeated double l = 4;
    map<string, google.protobuf.Value> m = 5; repeated google.protobuf.Struct s = 6; }`;
  const codec = protobufCodec(library, `syntax = "proto3"; ${schema}`);

  for (const json of ['{"d":1e400}', '{"f":1e39}', '{"l":[1e999]}']) assert.throws(() => encode(codec, json), Misfit, json);
  for (const [json, path] of [
    ['{"v":1e400}', '.v'],
    [`{"v":${'9'.repeat(400)}}`, '.v'],
    ['{"v":{"a":[1,-1e400]}}', '.v.a[1]'],
    ['{"m":{"k":1e400}}', '.m.k'],
    ['{"s":[{},{"a":1e400}]}', '.s[1].a'],
  ] as const)
    assert.throws(() => encode(codec, json), { path, message: 'is larger than a double can hold: write it as text' }, json.slice(0, 40));
});

test('a text of a million digits and a letter is no number, and takes no longer than it is', () => {
  const text = `${'1'.repeat(1_000_000)}x`;

  for (const type of ['int32', 'int64', 'double']) {
    assert.throws(() => there(`message M { ${type} n = 1; }`, JSON.stringify({ n: text })), Misfit);
  }
});
