import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { JsonWriter } from '../../../lib/json/json-writer.ts';
import { anyText } from '../records/text-arbitrary.ts';

/** What is written into a buffer that is too small at first, behind other text. */
function written(write: (out: JsonWriter) => void): string {
  const out = new JsonWriter(Buffer.alloc(1));
  out.copy(Buffer.from('ab'));
  write(out);
  assert.equal(out.toString().slice(0, 2), 'ab');
  return out.toString().slice(2);
}

test('bytes are copied as they are, few or many', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), fc.nat({ max: 5 }), (text, start) => {
      const bytes = Buffer.from(text);
      const from = Math.min(start, bytes.length);

      assert.equal(
        written((out) => out.copy(bytes, from)),
        bytes.toString('utf8', from),
      );
      assert.equal(
        written((out) => out.copy(bytes)),
        text,
      );
    }),
  );
});

test('integers are written in decimal', () => {
  const edge = fc.constantFrom(
    0,
    9,
    10,
    999_999_999,
    1_000_000_000,
    1_000_000_001,
    1_999_999_999,
    2 ** 31,
    2 ** 53 - 1,
    -(2 ** 53 - 1),
    -1,
  );

  fc.assert(
    fc.property(fc.oneof(edge, fc.maxSafeInteger(), fc.integer()), (value) =>
      assert.equal(
        written((out) => out.integer(value)),
        String(value),
      ),
    ),
  );
});

test('times are written in decimal, beside others of the same second or not', () => {
  const now = 1_767_225_600_000;
  const around = (time: number) => fc.integer({ min: time - 200_000, max: time + 200_000 });
  const near = fc.oneof(around(now), around(-now / 10));
  const edge = fc.constantFrom(
    0,
    -1,
    99_999,
    999_999_999_999,
    1_000_000_000_000,
    -now,
    -now - 1,
    2 ** 53 - 1,
    2n ** 63n - 1n,
    -(2n ** 63n),
  );

  fc.assert(
    fc.property(fc.array(fc.oneof({ weight: 3, arbitrary: near }, edge, fc.maxSafeInteger()), { maxLength: 20 }), (times) =>
      assert.equal(
        written((out) => {
          for (const time of times) {
            out.time(time);
            out.copy(Buffer.from(' '));
          }
        }),
        times.map((time) => `${time} `).join(''),
      ),
    ),
  );
});

test('UTF-8 bytes become the string that JSON.stringify makes of their text', () => {
  fc.assert(
    fc.property(anyText(80), (text) => {
      const bytes = Buffer.from(`x${text}y`);

      assert.equal(
        written((out) => out.escaped(bytes, 1, bytes.length - 1)),
        JSON.stringify(text),
      );
    }),
  );
});

test('every control character is escaped', () => {
  const text = String.fromCharCode(...Array(128).keys());

  assert.equal(
    written((out) => out.escaped(Buffer.from(text), 0, 128)),
    JSON.stringify(text),
  );
});

test('a string becomes what JSON.stringify makes of it', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), anyText(), fc.constant('\ud800')), (text) =>
      assert.equal(
        written((out) => out.string(text)),
        JSON.stringify(text),
      ),
    ),
  );
});

test('bytes become a base64 string', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (array) => {
      const bytes = Buffer.from(array);

      assert.equal(
        written((out) => out.base64(bytes, 0, bytes.length)),
        `"${bytes.toString('base64')}"`,
      );
    }),
  );
});

test('text can be taken back', () => {
  const text = written((out) => {
    out.integer(1);
    const end = out.at;
    out.copy(Buffer.from('gone'));
    out.at = end;
    out.integer(2);
  });

  assert.equal(text, '12');
});
