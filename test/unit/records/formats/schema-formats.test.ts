import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonScanner } from '../../../../lib/json/json-scanner.ts';
import { Place } from '../../../../lib/json/place.ts';
import { isSchemaFormat, schemaFormats } from '../../../../lib/records/formats/schema-formats.ts';
import { textOf } from '../bytes-of.ts';

for (const [name, format] of Object.entries(schemaFormats)) {
  test(`the format ${name} keeps a value as the JSON text that it is, and null as null`, () => {
    const json = new JsonScanner(Buffer.from(' { "a" : [ 1 ] } null'));

    assert.equal(textOf(format.read(json, new Place())), '{ "a" : [ 1 ] }');
    assert.equal(format.read(json, new Place()), null);
    assert.equal(format.mediaType, `application/vnd.kafka.${name}.v2+json`);
  });
}

test('formats with schemas are told from those without', () => {
  assert.deepEqual(['avro', 'protobuf', 'json', 'toString'].map(isSchemaFormat), [true, true, false, false]);
});
