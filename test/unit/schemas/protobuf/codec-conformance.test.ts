import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Misfit } from '../../../../lib/schemas/misfit.ts';
import * as library from '../../../../lib/schemas/protobuf/bufbuild.optional.ts';
import { protobufCodec } from '../../../../lib/schemas/protobuf/codec.ts';
import { decode, encode } from '../translate.ts';

// Protobuf's JSON mapping, as protobuf.dev/programming-guides/json has it, kind by kind. The cases are of the kinds of those that
// Protobuf's conformance runner has.

const imports = ['any', 'duration', 'empty', 'field_mask', 'struct', 'timestamp', 'wrappers'];
const schema = `syntax = "proto3"; package all;
${imports.map((name) => `import "google/protobuf/${name}.proto";`).join('\n')}
enum Kind { ZERO = 0; ONE = 1; MINUS = -1; }
message All {
  optional int32 i32 = 1; optional int64 i64 = 2; optional uint32 u32 = 3; optional uint64 u64 = 4; optional sint32 s32 = 5;
  optional sint64 s64 = 6; optional fixed32 f32 = 7; optional fixed64 f64 = 8; optional sfixed32 sf32 = 9; optional sfixed64 sf64 = 10;
  optional float fl = 11; optional double db = 12; optional bool bo = 13; optional string st = 14; optional bytes by = 15;
  optional Kind kind = 16; All nested = 17; optional string snake_case_name = 18; optional string named = 19 [json_name = "@other"];
  oneof choice { int32 one_int = 20; string one_text = 21; google.protobuf.NullValue one_null = 22; All one_all = 23; }
  google.protobuf.Timestamp ts = 30; google.protobuf.Duration du = 31; google.protobuf.FieldMask fm = 32; google.protobuf.Empty em = 33;
  google.protobuf.Struct sc = 34; google.protobuf.Value va = 35; google.protobuf.ListValue lv = 36; google.protobuf.Any an = 37;
  google.protobuf.BoolValue wbo = 40; google.protobuf.Int32Value wi32 = 41; google.protobuf.Int64Value wi64 = 42;
  google.protobuf.UInt32Value wu32 = 43; google.protobuf.UInt64Value wu64 = 44; google.protobuf.FloatValue wfl = 45;
  google.protobuf.DoubleValue wdb = 46; google.protobuf.StringValue wst = 47; google.protobuf.BytesValue wby = 48;
}
message Many { repeated int64 li = 1; repeated string ls = 2; repeated Kind lk = 3; map<string, int32> ms = 4; map<int64, string> mi = 5;
  map<bool, Kind> mb = 6; repeated google.protobuf.Int32Value lw = 7; map<string, google.protobuf.Value> mv = 8;
  repeated google.protobuf.Value lv = 9; map<string, bytes> my = 10; }`;

/** What comes back of a message written as JSON; null when it is refused. */
function throughBytes(message: string, json: string): unknown {
  const codec = protobufCodec(library, schema, [], message);
  let bytes: Buffer;
  try {
    bytes = encode(codec, json);
  } catch (error) {
    assert.ok(error instanceof Misfit, String(error));
    return null;
  }
  return JSON.parse(decode(codec, bytes));
}

type Case = readonly [json: string, back: string | null];
/** A value that comes back as it was written. */
const same = (json: string): Case => [json, json];
const refused = (...all: string[]): Case[] => all.map((json): Case => [json, null]);

const cases: Readonly<Record<string, readonly Case[]>> = {
  'integers of 32 bits': [
    same('{"i32":2147483647}'),
    same('{"i32":-2147483648}'),
    same('{"u32":4294967295}'),
    ['{"i32":"12","s32":"-3","f32":"7"}', '{"i32":12,"s32":-3,"f32":7}'],
    ['{"i32":1e3,"s32":100000.000,"sf32":"1.0"}', '{"i32":1000,"s32":100000,"sf32":1}'],
    ['{"i32":-0}', '{"i32":0}'],
    ...refused('{"i32":2147483648}', '{"i32":-2147483649}', '{"u32":4294967296}', '{"u32":-1}', '{"i32":0.5}', '{"i32":"0.5"}'),
    ...refused('{"i32":""}', '{"i32":" 1"}', '{"i32":"1 "}', '{"i32":"0x1"}', '{"i32":"abc"}', '{"i32":true}', '{"i32":"NaN"}'),
  ],
  'integers of 64 bits, which are shown as text': [
    same('{"i64":"9223372036854775807","s64":"-9223372036854775808","u64":"18446744073709551615"}'),
    ['{"i64":9223372036854775807,"sf64":-9223372036854775808}', '{"i64":"9223372036854775807","sf64":"-9223372036854775808"}'],
    ['{"u64":18446744073709551615,"f64":1e19}', '{"u64":"18446744073709551615","f64":"10000000000000000000"}'],
    ['{"i64":9007199254740993}', '{"i64":"9007199254740993"}'],
    ['{"i64":1.0}', '{"i64":"1"}'],
    ...refused('{"i64":9223372036854775808}', '{"u64":18446744073709551616}', '{"u64":-1}', '{"i64":1.5}', '{"i64":"1.5"}'),
    ['{"i64":"1.0","s64":"1e3","wi64":"2.0"}', '{"i64":"1","s64":"1000","wi64":"2"}'],
    ['{"i64":"+1.0","s64":".5e1"}', '{"i64":"1","s64":"5"}'],
    ...refused('{"i64":"0x10"}', '{"i64":" 1"}', '{"u64":"0b1"}', '{"wi64":"0x1"}'),
    ...refused('{"i64":""}', '{"i64":"x"}', '{"i64":[1]}', '{"i64":false}'),
  ],
  'floats and doubles': [
    same('{"db":"NaN"}'),
    same('{"db":"Infinity","fl":"-Infinity"}'),
    same('{"db":1.7976931348623157e308}'),
    same('{"db":2.22507e-308}'),
    ['{"db":"1.5","fl":"-2"}', '{"db":1.5,"fl":-2}'],
    ['{"fl":3.402823e38}', `{"fl":${Math.fround(3.402823e38)}}`],
    same('{"db":-0,"fl":-0,"wdb":-0}'),
    ['{"db":".5","fl":"1e3"}', '{"db":0.5,"fl":1000}'],
    ['{"fl":1e-50}', '{"fl":0}'],
    ...refused(
      '{"db":1.9e308}',
      '{"fl":3.502823e38}',
      '{"db":"nan"}',
      '{"db":"inf"}',
      '{"db":""}',
      '{"db":"1x"}',
      '{"db":true}',
      '{"db":"0x10"}',
    ),
  ],
  'booleans and strings': [
    same('{"bo":true}'),
    same('{"bo":false}'),
    same('{"st":""}'),
    same('{"st":"ü😀\\u0000\\n"}'),
    ['{"st":"\\ud83d\\ude00"}', '{"st":"😀"}'],
    ...refused('{"bo":"true"}', '{"bo":0}', '{"st":1}', '{"st":[]}', '{"st":"\\ud83d"}', '{"st":"\\ude00x"}'),
  ],
  bytes: [
    same('{"by":""}'),
    same('{"by":"AQI="}'),
    ['{"by":"AQI"}', '{"by":"AQI="}'],
    ['{"by":"-_8="}', '{"by":"+/8="}'],
    ['{"by":"-_8"}', '{"by":"+/8="}'],
    ...refused('{"by":"*"}', '{"by":1}'),
  ],
  enums: [
    same('{"kind":"ONE"}'),
    same('{"kind":"MINUS"}'),
    ['{"kind":1}', '{"kind":"ONE"}'],
    ['{"kind":-1}', '{"kind":"MINUS"}'],
    same('{"kind":123}'),
    ...refused('{"kind":"TWO"}', '{"kind":"one"}', '{"kind":1.5}', '{"kind":true}', '{"kind":2147483648}'),
  ],
  'names of fields': [
    same('{"snakeCaseName":"x"}'),
    ['{"snake_case_name":"x"}', '{"snakeCaseName":"x"}'],
    same('{"@other":"x"}'),
    ['{"named":"x"}', '{"@other":"x"}'],
    ...refused('{"unknown":1}', '{"nested":{"unknown":1}}', '{"SnakeCaseName":"x"}', '{"1":5}'),
    ...refused(
      '{"snakeCaseName":"a","snake_case_name":"b"}',
      '{"i32":1,"i32":2}',
      '{"nested":{"i32":1},"nested":{}}',
      '{"st":"a","s\\u0074":"b"}',
    ),
  ],
  'null, which is the absence of a field': [
    ['{"i32":null,"st":null,"by":null,"kind":null,"nested":null,"ts":null,"wi32":null,"sc":null,"an":null}', '{}'],
    same('{"va":null}'),
    ['{"oneInt":null}', '{}'],
    ...refused('null', '[]', '1', '"x"'),
  ],
  oneofs: [
    same('{"oneInt":0}'),
    same('{"oneText":""}'),
    same('{"oneNull":null}'),
    same('{"oneAll":{"oneInt":1}}'),
    ['{"oneNull":"NULL_VALUE"}', '{"oneNull":null}'],
    ['{"oneInt":1,"oneText":null}', '{"oneInt":1}'],
    ...refused('{"oneInt":1,"oneText":"x"}'),
  ],
  timestamps: [
    same('{"ts":"1970-01-01T00:00:00Z"}'),
    same('{"ts":"0001-01-01T00:00:00Z"}'),
    same('{"ts":"9999-12-31T23:59:59.999999999Z"}'),
    ['{"ts":"2024-02-29T12:00:00.1Z"}', '{"ts":"2024-02-29T12:00:00.100Z"}'],
    ['{"ts":"2024-02-29T12:00:00.0001Z"}', '{"ts":"2024-02-29T12:00:00.000100Z"}'],
    ['{"ts":"1970-01-01T08:00:01+08:00"}', '{"ts":"1970-01-01T00:00:01Z"}'],
    ['{"ts":"1969-12-31T16:00:01-08:00"}', '{"ts":"1970-01-01T00:00:01Z"}'],
    ...refused('{"ts":"0000-01-01T00:00:00Z"}', '{"ts":"10000-01-01T00:00:00Z"}', '{"ts":"1970-01-01T00:00:00"}', '{"ts":0}', '{"ts":""}'),
    ...refused(
      '{"ts":"1970-01-01t00:00:00Z"}',
      '{"ts":"1970-01-01T00:00:00z"}',
      '{"ts":"0001-01-01T00:00:00+23:59"}',
      '{"ts":{"seconds":1}}',
    ),
  ],
  durations: [
    same('{"du":"0s"}'),
    same('{"du":"-315576000000s"}'),
    same('{"du":"315576000000.999999999s"}'),
    ['{"du":"1.5s"}', '{"du":"1.500s"}'],
    ['{"du":"-0.5s"}', '{"du":"-0.500s"}'],
    ['{"du":"0.000001s"}', '{"du":"0.000001s"}'],
    ...refused('{"du":"1"}', '{"du":"s"}', '{"du":1}', '{"du":"315576000001s"}', '{"du":"1m"}', '{"du":{"seconds":1}}'),
  ],
  'field masks and empty messages': [
    same('{"fm":"foo,barBaz"}'),
    same('{"fm":""}'),
    same('{"fm":"a.bC"}'),
    same('{"em":{}}'),
    ...refused('{"fm":"foo_bar"}', '{"fm":1}', '{"em":{"a":1}}', '{"em":1}'),
  ],
  'any JSON': [
    same('{"sc":{"a":1.5,"b":[true,null,"x",{"c":{}}],"d":-0.001}}'),
    same('{"va":"text"}'),
    same('{"va":false}'),
    same('{"va":1767225600123456}'),
    same('{"va":[[],{}]}'),
    same('{"lv":[0,"0",[null]]}'),
    same('{"sc":{}}'),
    ...refused('{"va":1e400}', '{"sc":[]}', '{"sc":1}', '{"lv":{}}'),
  ],
  Any: [
    same('{"an":{"@type":"type.googleapis.com/all.All","i32":1,"i64":"9223372036854775807"}}'),
    same('{"an":{"@type":"type.googleapis.com/google.protobuf.Duration","value":"1.500s"}}'),
    same('{"an":{"@type":"type.googleapis.com/google.protobuf.Timestamp","value":"1970-01-01T00:00:00Z"}}'),
    same('{"an":{"@type":"type.googleapis.com/google.protobuf.Int32Value","value":12345}}'),
    same('{"an":{"@type":"type.googleapis.com/google.protobuf.FieldMask","value":"foo,barBaz"}}'),
    same('{"an":{"@type":"type.googleapis.com/google.protobuf.Struct","value":{"foo":1}}}'),
    same('{"an":{"@type":"type.googleapis.com/google.protobuf.Value","value":null}}'),
    same('{"an":{"@type":"type.googleapis.com/google.protobuf.Any","value":{"@type":"type.googleapis.com/all.All","i32":1}}}'),
    ['{"an":{"i32":1,"@type":"type.googleapis.com/all.All"}}', '{"an":{"@type":"type.googleapis.com/all.All","i32":1}}'],
    same('{"an":{}}'),
    ...refused('{"an":{"@type":"type.googleapis.com/no.Such","a":1}}', '{"an":{"@type":"","i32":1}}', '{"an":{"i32":1}}'),
    ...refused('{"an":{"@type":"type.googleapis.com/all.All","unknown":1}}', '{"an":1}'),
  ],
  wrappers: [
    same('{"wbo":false,"wi32":0,"wi64":"0","wu32":0,"wu64":"0","wfl":0,"wdb":0,"wst":"","wby":""}'),
    ['{"wi64":9223372036854775807,"wu64":18446744073709551615}', '{"wi64":"9223372036854775807","wu64":"18446744073709551615"}'],
    same('{"wdb":"NaN","wfl":"Infinity"}'),
    ['{"wby":"-_8"}', '{"wby":"+/8="}'],
    ...refused('{"wi32":{"value":1}}', '{"wbo":"true"}', '{"wst":1}', '{"wi32":2147483648}', '{"wfl":1e39}'),
  ],
};

for (const [kind, all] of Object.entries(cases)) {
  suite(kind, () => {
    for (const [json, back] of all) {
      test(`${json} ${back === null ? 'is refused' : back === json ? 'comes back' : `comes back as ${back}`}`, () => {
        assert.deepEqual(throughBytes('All', json), back === null ? null : JSON.parse(back));
      });
    }
  });
}

const none = { li: [], ls: [], lk: [], ms: {}, mi: {}, mb: {}, lw: [], mv: {}, lv: [], my: {} };
const many: readonly Case[] = [
  ['{}', '{}'],
  ['{"li":null,"ms":null}', '{}'],
  ['{"li":[1,"2",9223372036854775807]}', '{"li":["1","2","9223372036854775807"]}'],
  same('{"lk":["ONE","ZERO",5],"ls":["","a"]}'),
  same('{"ms":{"":0,"ü":-1},"mi":{"-1":"a","9223372036854775807":"b"},"mb":{"true":"ONE","false":"ZERO"}}'),
  same('{"lw":[0,1],"lv":[null,1,"x"],"mv":{"a":null,"b":[1]},"my":{"k":"AQ=="}}'),
  ...refused('{"li":[null]}', '{"ls":[1]}', '{"li":1}', '{"li":{}}', '{"ms":[]}', '{"ms":{"a":null}}', '{"mi":{"a":"x"}}'),
  ...refused(
    '{"mi":{"9223372036854775808":"x"}}',
    '{"mb":{"1":"ONE"}}',
    '{"mi":{"0x1":"x"}}',
    '{"lk":[null]}',
    '{"lw":[null]}',
    '{"ms":{"a":1,"a":2}}',
  ),
];

suite('lists and maps, which are shown when they are empty', () => {
  for (const [json, back] of many) {
    test(`${json} ${back === null ? 'is refused' : 'comes back'}`, () => {
      assert.deepEqual(throughBytes('Many', json), back === null ? null : { ...none, ...JSON.parse(back) });
    });
  }
});
