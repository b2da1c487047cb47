import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EncodedSize } from '../../../lib/json/encoded-size.ts';
import { JsonWriter } from '../../../lib/json/json-writer.ts';

test('a growing text fits exactly as long as its encoded form does', () => {
  const pieces = fc.array(fc.string({ unit: fc.constantFrom('"', '\\', '\n', 'a', 'é'), maxLength: 20 }), { maxLength: 20 });

  fc.assert(
    fc.property(pieces, fc.nat({ max: 200 }), (texts, limit) => {
      const out = new JsonWriter(Buffer.alloc(1));
      const encoded = new EncodedSize();
      for (const text of texts) {
        out.copy(Buffer.from(text));
        const size = Buffer.byteLength(JSON.stringify(out.toString())) - 2;

        const fits = encoded.fits(out, limit);

        assert.equal(fits, size <= limit);
        if (!fits) out.at -= Buffer.byteLength(text);
      }
    }),
  );
});
