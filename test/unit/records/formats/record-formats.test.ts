import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordFormats } from '../../../../lib/records/formats/record-formats.ts';

for (const [name, format] of Object.entries(recordFormats)) {
  test(`the format ${name} has its name in its media type`, () => {
    assert.equal(format.name, name);
    assert.equal(format.mediaType, `application/vnd.kafka.${name}.v2+json`);
  });
}
