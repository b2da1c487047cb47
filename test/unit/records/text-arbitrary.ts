import fc from 'fast-check';

const point = fc.oneof(
  fc.integer({ min: 0, max: 0x7f }),
  fc.constantFrom(0x22, 0x5c, 0x2028, 0xfeff, 0xfffd),
  fc.integer({ min: 0x80, max: 0xd7ff }),
  fc.integer({ min: 0xe000, max: 0x10ffff }),
);

/** A character of Unicode: with control characters, quotes and backslashes, without halves of surrogate pairs. */
export const character: fc.Arbitrary<string> = point.map((code) => String.fromCodePoint(code));

/** Any text that UTF-8 can hold. */
export const anyText = (maxLength = 30): fc.Arbitrary<string> => fc.string({ unit: character, maxLength });
