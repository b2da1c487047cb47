import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as library from '../../../../lib/schemas/protobuf/bufbuild.optional.ts';
import { protobufCodec } from '../../../../lib/schemas/protobuf/codec.ts';
import { decode, encode } from '../translate.ts';

const schema = `// A comment
syntax = "proto3";
package shop;
import "google/protobuf/timestamp.proto";
import public "parts.proto";
import "confluent/meta.proto";
option java_package = "com.shop"; /* another
comment */
message Order {
  option (confluent.message_meta) = { doc: "of { a customer", params: [1, 2] };
  reserved 20, 30 to max; reserved "old";
  message Line { int64 count = 1; repeated string notes = 2; }
  enum State { option allow_alias = true; NEW = 0; OPEN = 0; PAID = 1 [deprecated = true]; reserved -1; }
  optional int32 number = 1 [deprecated = true, (confluent.field_meta) = { doc: "x" }];
  Line first = 2;
  repeated .shop.Order.Line lines = 3;
  map<string, Line> by_name = 4;
  State state = 5;
  message Late { bool ok = 1; }
  bytes proof = 6;
  google.protobuf.Timestamp at = 7;
  oneof paid_by { string card = 8; parts.Cash cash = 9; }
  repeated int32 sizes = 10;
  double ratio = 11 [json_name = "share"];
};
message Other { message Flag { bool ok = 1; } Flag message = 1; string enum = 2; }
service Shop { rpc Buy (Order) returns (Other) { option (http) = { get: "/v1/{name}" }; } }
`;
const parts = `syntax = 'proto2';
package parts;
message Cash {
  required string currency = 1 [default = 'EUR\\n'];
  optional group Change = 2 { optional int32 cents = 1; }
  extensions 100 to 199;
  optional float rate = 3 [default = -1.5e3];
}
extend Cash { optional bool more = 100; }
`;
const references = [{ name: 'parts.proto', schema: parts }];
const codecOf = (message: string | null = null) => protobufCodec(library, schema, references, message);

test('JSON is that of Protobuf, with defaults on the way out', () => {
  const codec = codecOf();

  const shown = decode(
    codec,
    encode(
      codec,
      '{"number":0,"first":{"count":9007199254740993},"by_name":{"k":{}},"state":"PAID","proof":"AAE","at":"2026-01-01T00:00:00Z","card":"ü","sizes":[1,2],"share":"NaN"}',
    ),
  );

  assert.deepEqual(JSON.parse(shown), {
    ...{ number: 0, first: { count: '9007199254740993', notes: [] }, lines: [], byName: { k: { count: '0', notes: [] } } },
    ...{ state: 'PAID', proof: 'AAE=', at: '2026-01-01T00:00:00Z', card: 'ü', sizes: [1, 2], share: 'NaN' },
  });
});

test('what proto2 has is read, groups and extensions included', () => {
  const codec = codecOf();

  const shown: { cash: unknown } = JSON.parse(
    decode(codec, encode(codec, '{"cash":{"currency":"x","change":{"cents":5},"[parts.more]":true}}')),
  );

  assert.deepEqual(shown.cash, { currency: 'x', change: { cents: 5 }, '[parts.more]': true });
});

for (const [message, bytes] of [
  [null, '00'],
  ['Order', '00'],
  ['shop.Order.Line', '040000'],
  ['Other', '0202'],
  ['Other.Flag', '040200'],
] as const) {
  test(`the indexes of ${message ?? 'the first message'} are ${bytes}`, () => {
    assert.equal(encode(codecOf(message), '{}').toString('hex'), bytes);
  });
}

test('any message of the schema is read, whichever is written', () => {
  assert.equal(decode(codecOf(), Buffer.from('0402000801', 'hex')), '{"ok":true}');
  // Counted as in a descriptor, where what a map makes is a message, too.
  assert.equal(decode(codecOf(), Buffer.from('0400040801', 'hex')), '{"ok":true}');
  assert.equal(decode(codecOf(), Buffer.from('0400020801', 'hex')), '{"ok":true}');
  // The first message, written out in full.
  assert.equal(decode(codecOf('Other'), encode(codecOf('Other'), '{"enum":"x"}')), '{"enum":"x"}');
});

for (const [json, path, message] of [
  ['5', '', /is no shop\.Order/],
  ['{"lines":[{},{"count":"x"}]}', '.lines[1].count', /^must be int64$/],
  ['{"byName":{"k":{"zz":1}}}', '.byName.k.zz', /is unknown/],
  ['{"at":"now"}', '.at', /^is no google\.protobuf\.Timestamp, such as/],
  ['{"state":"GONE"}', '.state', /^must be shop\.Order\.State, one of NEW, OPEN, PAID$/],
  ['{"card":"a","cash":{"currency":"x"}}', '', /is no shop\.Order: only one of card and cash can be set/],
  ['{"sizes":5}', '.sizes', /^must be an array of int32$/],
  ['{"byName":[]}', '.byName', /^must be an object of shop\.Order\.Line$/],
  ['{"lines":[{"count":9223372036854775808}]}', '.lines[0].count', /^must be int64$/],
  ['{"cash":{}}', '', /^must have the field parts\.Cash\.currency$/],
  ['{"number":12345678901}', '.number', /^must be int32$/],
] as const) {
  test(`${json} does not fit`, () => {
    assert.throws(() => encode(codecOf(), json), { path, message });
  });
}

for (const [hex, message] of [
  ['', /ends in its message indexes/],
  ['0a', /ends in/],
  ['01', /indexes that are none/],
  ['ffffffffffff', /indexes that are none/],
  ['040008', /is message 0\.4 of its schema/],
  ['0208', /is message 4 of its schema/],
  ['000aff', /is no shop\.Order/],
] as const) {
  test(`${hex || 'nothing'} is not shown`, () => {
    assert.throws(() => decode(codecOf(), Buffer.from(hex, 'hex')), { message });
  });
}

for (const [text, message] of [
  ['', /has no message/],
  ['message A { X x = 1; }', /type "X" in A is not defined/],
  ['message A { int32 x 1; }', /line 1: expected =, not "1"/],
  ['syntax = "proto3";\n\nmessage A { int32 x = 1', /line 3: expected ;/],
  ['syntax = "proto4";', /neither proto2 nor proto3/],
  ['edition = "2020";', /edition/],
  ['import "gone.proto"; message A {}', /imports "gone\.proto", which is not among its references/],
  ['message A { ? }', /line 1: "\?/],
  ['message A {'.repeat(40), /no deeper than/],
] as const) {
  test(`${JSON.stringify(text.slice(0, 50))} is no schema`, () => {
    assert.throws(() => protobufCodec(library, text), { message });
  });
}

test('a reference that is none is named', () => {
  assert.throws(() => protobufCodec(library, schema, [{ name: 'parts.proto', schema: 'message {' }]), {
    message: /^in parts\.proto, line 1/,
  });
});

test('a message that the schema does not have is refused', () => {
  assert.throws(() => codecOf('Missing'), { message: 'it has no message "Missing"' });
});

test('a descriptor in base64 is a schema, too, whose maps count among the messages', () => {
  const { create, FileDescriptorProtoSchema, toBinary } = library;
  const entry = {
    name: 'MEntry',
    options: { mapEntry: true },
    field: [
      { name: 'key', number: 1, label: 1, type: 9 },
      { name: 'value', number: 2, label: 1, type: 5 },
    ],
  };
  const descriptor = create(FileDescriptorProtoSchema, {
    ...{ name: 'any.proto', syntax: 'proto3' },
    messageType: [
      {
        name: 'A',
        field: [{ name: 'm_m', number: 1, label: 3, type: 11, typeName: '.A.MEntry' }],
        nestedType: [entry, { name: 'B', field: [{ name: 'some_text', number: 1, label: 1, type: 9 }] }],
      },
    ],
  });
  const codec = protobufCodec(library, Buffer.from(toBinary(FileDescriptorProtoSchema, descriptor)).toString('base64'), [], 'A.B');

  const bytes = encode(codec, '{"someText":"x"}');

  assert.equal(bytes.toString('hex'), '0400020a0178');
  assert.equal(decode(codec, bytes), '{"someText":"x"}');
});
