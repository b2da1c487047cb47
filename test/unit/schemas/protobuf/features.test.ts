import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as library from '../../../../lib/schemas/protobuf/bufbuild.optional.ts';
import { protobufCodec } from '../../../../lib/schemas/protobuf/codec.ts';
import { featuresIn } from '../../../../lib/schemas/protobuf/features.ts';
import { decode, encode } from '../translate.ts';

const codecOf = (schema: string) => protobufCodec(library, schema);
const hex = (schema: string, json: string) => encode(codecOf(schema), json).subarray(1).toString('hex');
const shown = (schema: string, json: string): unknown => JSON.parse(decode(codecOf(schema), encode(codecOf(schema), json)));

test('a file of edition 2023 has fields with presence, and packed lists', () => {
  const schema = 'edition = "2023"; message M { string a = 1; int32 b = 2; repeated int32 c = 3; }';

  assert.deepEqual(shown(schema, '{"b":0}'), { b: 0, c: [] });
  assert.equal(hex(schema, '{"b":0,"c":[1,2]}'), '10001a020102');
});

test('features of files, messages and fields decide, the nearest first', () => {
  const schema = `edition = "2023"; package p; option features.field_presence = IMPLICIT; option features = { repeated_field_encoding: EXPANDED };
    message M {
      int32 a = 1;
      int32 b = 2 [features.field_presence = EXPLICIT];
      repeated int32 c = 3;
      repeated int32 d = 4 [features = { repeated_field_encoding: PACKED }];
      N n = 5 [features.message_encoding = DELIMITED];
      message N { option features.field_presence = EXPLICIT; int32 x = 1; }
      int32 r = 6 [features.field_presence = LEGACY_REQUIRED, features.(pb.java).legacy_closed_enum = true];
      reserved 10 to 12; reserved gone, old;
    }`;

  assert.deepEqual(shown(schema, '{"a":0,"b":0,"n":{"x":0},"r":0}'), { a: 0, b: 0, c: [], d: [], n: { x: 0 }, r: 0 });
  assert.equal(hex(schema, '{"c":[1,2],"d":[1,2],"n":{"x":7},"r":0}'), '18011802220201022b08072c3000');
  assert.throws(() => hex(schema, '{"a":1}'), { message: 'must have the field p.M.r' });
});

test('an enum of an edition is open unless it says that it is closed', () => {
  const schema = (option: string) => `edition = "2023"; message M { E e = 1; } enum E { ${option} A = 0; B = 1; }`;

  assert.deepEqual(shown(schema(''), '{"e":7}'), { e: 7 });
  assert.throws(() => shown(schema('option features.enum_type = CLOSED;'), '{"e":7}'), { message: /one of A, B/ });
});

test('a file of edition 2024 says who may see what, and imports options', () => {
  const schema = `edition = "2024"; import option "options.proto"; import "google/protobuf/java_features.proto";
    export message M { local message N { int32 local = 1; } N export = 1; local enum E { A = 0; } E e = 2; } local enum F { Z = 0; }`;

  assert.deepEqual(shown(schema, '{"export":{"local":5},"e":"A"}'), { export: { local: 5 }, e: 'A' });
});

test('what is no edition, or no value of a feature, is told', () => {
  assert.throws(() => codecOf('edition = "2020"; message M {}'), { message: 'the edition "2020" is none of 2023, 2024' });
  assert.throws(() => featuresIn({ 'features.enum_type': 'AJAR' }), { message: 'the feature enum_type can be one of OPEN, CLOSED' });
  assert.equal(featuresIn({ deprecated: 'true', 'features.unknown': 'X' }), null);
});
