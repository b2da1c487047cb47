import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as library from '../../../../lib/schemas/protobuf/bufbuild.optional.ts';
import { protobufCodec } from '../../../../lib/schemas/protobuf/codec.ts';
import { googleTypes } from '../../../../lib/schemas/protobuf/google-types.ts';
import { decode, encode } from '../translate.ts';

const known = ['any', 'api', 'descriptor', 'duration', 'empty', 'field_mask', 'source_context', 'struct', 'timestamp', 'type', 'wrappers'];

for (const name of [...known.map((one) => `google/protobuf/${one}.proto`), ...googleTypes.map((one) => one.name)]) {
  test(`a schema may import ${name} without a reference`, () => {
    const codec = protobufCodec(library, `syntax = "proto3"; import "${name}"; message M { string a = 1; }`);

    assert.equal(decode(codec, encode(codec, '{"a":"x"}')), '{"a":"x"}');
  });
}

test('types of Google are fields like others', () => {
  const imports = ['money', 'date', 'dayofweek', 'datetime', 'phone_number'].map((name) => `import "google/type/${name}.proto";`).join(' ');
  const codec = protobufCodec(
    library,
    `syntax = "proto3"; ${imports} message M { google.type.Money m = 1; google.type.Date d = 2; google.type.DayOfWeek w = 3;
      google.type.DateTime t = 4; google.type.PhoneNumber p = 5; }`,
  );
  const value = {
    m: { currencyCode: 'EUR', units: '9223372036854775807', nanos: 990000000 },
    d: { year: 2026, month: 1, day: 31 },
    w: 'SUNDAY',
    t: { year: 1, month: 2, day: 3, hours: 4, minutes: 5, seconds: 6, nanos: 7, timeZone: { id: 'Europe/Zurich', version: '' } },
    p: { e164Number: '+41', extension: '' },
  };

  assert.deepEqual(JSON.parse(decode(codec, encode(codec, JSON.stringify(value)))), value);
});

test('a reference of the same path comes before what is brought along', () => {
  const reference = {
    name: 'google/type/money.proto',
    schema: 'syntax = "proto3"; package google.type; message Money { string own = 1; }',
  };
  const schema = 'syntax = "proto3"; import "google/type/money.proto"; message M { google.type.Money m = 1; }';
  const codec = protobufCodec(library, schema, [reference]);

  assert.equal(decode(codec, encode(codec, '{"m":{"own":"x"}}')), '{"m":{"own":"x"}}');
});
