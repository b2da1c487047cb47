import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { JsonWriter } from '../../lib/json/json-writer.ts';
import { whole } from '../../lib/kafka/record.ts';
import { avroCodec } from '../../lib/schemas/avro/codec.ts';
import { ByteSink } from '../../lib/schemas/byte-sink.ts';
import type { Codec } from '../../lib/schemas/codec.ts';
import { jsonSchemaCodec } from '../../lib/schemas/json-schema/codec.ts';
import { Misfit } from '../../lib/schemas/misfit.ts';
import * as library from '../../lib/schemas/protobuf/bufbuild.optional.ts';
import { protobufCodec } from '../../lib/schemas/protobuf/codec.ts';
import { TextBudget } from '../../lib/schemas/text-budget.ts';

// Schemas that nobody has thought through, with data that may fit: all that may come of it is bytes, text or a Misfit, in bounded time.

/** CPU time that one schema and one value may take, in microseconds. */
const MOST_CPU = 3_000_000;
const MOST_TEXT = 9 * 1024 * 1024;

const name = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', 'toString', '$ref', '');
const pattern = fc.constantFrom(
  '^(a+)+$',
  '(a|a)*b',
  '(.*a){12}b',
  '(?=(a+)+b)',
  '^(a+)+\\1$',
  '\\p{L}{0,400}$',
  'a{0,900}{3}',
  '[',
  '^\\w$',
);
const reference = fc.constantFrom(
  '#',
  '#/definitions/a',
  '#/definitions/b',
  '#a',
  'a.json',
  'http://json-schema.org/draft-07/schema#',
  '..',
);
const count = fc.constantFrom(0, 1, 2, -1, 1.5, 1e30, '1');

const { schema } = fc.letrec<{ schema: unknown }>((tie) => {
  const schemas = fc.array(tie('schema'), { maxLength: 3 });
  const map = fc.dictionary(name, tie('schema'), { maxKeys: 3 });
  return {
    schema: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.boolean(),
      fc.record(
        {
          $schema: fc.constantFrom('http://json-schema.org/draft-04/schema#', 'https://json-schema.org/draft/2020-12/schema', 'x', 1),
          $id: fc.constantFrom('a.json', '#a', 'http://x/', '..'),
          $ref: reference,
          $dynamicRef: reference,
          $dynamicAnchor: name,
          $async: fc.boolean(),
          $data: fc.constant('/a'),
          default: fc.jsonValue({ maxDepth: 1 }),
          discriminator: fc.constant({ propertyName: 'a' }),
          type: fc.constantFrom('string', 'object', 'array', 'integer', ['null', 'number'], 'nothing'),
          enum: fc.array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 2 }),
          const: fc.constantFrom({ $data: '/a' }, 1, 'a'),
          pattern,
          format: fc.constantFrom('date', 'uri', 'email', 'regex', 'hostname', 'uri-template', 'toString'),
          multipleOf: fc.constantFrom(0.01, 0, 3, 1e-300),
          minimum: fc.constantFrom(0, '1', 1e308),
          maxLength: count,
          uniqueItems: fc.boolean(),
          required: fc.array(name, { maxLength: 2 }),
          items: tie('schema'),
          contains: tie('schema'),
          not: tie('schema'),
          additionalProperties: tie('schema'),
          unevaluatedProperties: tie('schema'),
          unevaluatedItems: tie('schema'),
          propertyNames: tie('schema'),
          anyOf: schemas,
          allOf: schemas,
          oneOf: schemas,
          properties: map,
          definitions: map,
          patternProperties: fc.dictionary(pattern, tie('schema'), { maxKeys: 2 }),
        },
        { requiredKeys: [] },
      ),
    ),
  };
});

const jsonValue = fc.oneof(
  fc.json({ maxDepth: 3 }),
  fc.constantFrom('"a"', '{}', '[]', '{"a":{"a":1},"__proto__":[]}', '1e999', '0.1', '12345678901234567890.5'),
  fc.nat(3000).map((length) => JSON.stringify(`${'a'.repeat(length)}!`)),
  fc.nat(3000).map((length) => `[${Array.from({ length }, () => '{}').join()}]`),
);

const { avro } = fc.letrec<{ avro: unknown }>((tie) => {
  const fields = fc.uniqueArray(fc.record({ name: fc.constantFrom('a', 'b', 'toString'), type: tie('avro') }), {
    maxLength: 3,
    selector: (field) => field.name,
  });
  return {
    avro: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('null', 'int', 'long', 'float', 'double', 'string', 'bytes', 'boolean', 'R0', 'R1'),
      fc.record({ type: fc.constant('array'), items: tie('avro') }),
      fc.record({ type: fc.constant('map'), values: tie('avro') }),
      fc.array(tie('avro'), { maxLength: 3 }),
      fc.record({ type: fc.constant('record'), name: fc.constantFrom('R0', 'R1', 'R2', 'R3'), fields }),
      fc.record({ type: fc.constant('fixed'), name: fc.constantFrom('F0', 'F1'), size: fc.constantFrom(0, 1, 16, 2 ** 40) }),
      fc.record({ type: fc.constant('bytes'), logicalType: fc.constant('decimal'), precision: fc.constantFrom(4, 1e9) }),
    ),
  };
});

const proto = fc
  .array(
    fc
      .record({
        rule: fc.constantFrom('repeated', 'optional', ''),
        type: fc.constantFrom('M', 'N', 'E', 'int32', 'string', 'double', 'google.protobuf.Struct', 'google.protobuf.Any'),
      })
      .map(({ rule, type }) => `${rule} ${type}`),
    { minLength: 1, maxLength: 6 },
  )
  .map((types) => {
    const members = types.map((type, i) => `${type} f${i} = ${i + 1};`).join('');
    const many = Array.from({ length: 300 }, (_, i) => `int32 f${i} = ${i + 1};`).join('');
    const imports = ['struct', 'any'].map((file) => `import "google/protobuf/${file}.proto";`).join('');
    return `syntax = "proto3"; ${imports} message M { ${members} } message N { ${many} } enum E { ${'V'.repeat(150)} = 0; }`;
  });

/** Bytes that begin counts, lengths and tags more often than others do. */
const payload = fc
  .array(fc.oneof(fc.constantFrom(0, 1, 2, 8, 10, 18, 26, 0x80, 0xff), fc.nat(255)), { maxLength: 60 })
  .chain((bytes) => fc.constantFrom(1, 1, 40, 400).map((times) => Buffer.concat(Array.from({ length: times }, () => Buffer.from(bytes)))));

/** Does something whose failure must be an error that clients are told. */
function tryOut<Value>(work: () => Value, isTold: (error: Error) => boolean): Value | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && isTold(error)) return null;
    throw error;
  }
}

function judge(compile: () => Codec, json: string, bytes: Buffer): void {
  const began = process.cpuUsage();
  // What is wrong with a schema is any Error, but none of the machine's.
  const codec = tryOut(compile, (error) => !(error instanceof RangeError) && !(error instanceof TypeError));
  if (codec !== null) {
    const out = new ByteSink();
    out.begin();
    tryOut(
      () => codec.encode(whole(Buffer.from(json)), out),
      (error) => error instanceof Misfit,
    );
    const text = new JsonWriter(Buffer.alloc(1));
    const shown = tryOut(
      () => {
        codec.decode(whole(bytes), text, new TextBudget());
        return true;
      },
      (error) => error instanceof Misfit,
    );
    assert.ok(text.at < MOST_TEXT, `${text.at} bytes of text`);
    if (shown === true) JSON.parse(text.toString());
  }
  const { user } = process.cpuUsage(began);
  assert.ok(user < MOST_CPU, `${user} µs`);
}

test('whatever a JSON Schema says, judging by it ends', () => {
  fc.assert(
    fc.property(schema, jsonValue, payload, (one, json, bytes) => judge(() => jsonSchemaCodec(JSON.stringify(one)), json, bytes)),
    { seed: 11, numRuns: 300 },
  );
  assert.equal(Reflect.get({}, 'a'), undefined);
});

test('whatever a schema of Avro says, bytes and text end', () => {
  fc.assert(
    fc.property(avro, jsonValue, payload, (one, json, bytes) => judge(() => avroCodec(JSON.stringify(one)), json, bytes)),
    { seed: 12, numRuns: 3000 },
  );
});

test('whatever a schema of Protobuf says, bytes and text end', () => {
  fc.assert(
    fc.property(proto, jsonValue, payload, (one, json, bytes) =>
      judge(() => protobufCodec(library, one), json, Buffer.concat([Buffer.from([0]), bytes])),
    ),
    { seed: 13, numRuns: 500 },
  );
});
