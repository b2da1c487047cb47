import fc from 'fast-check';

/** A JSON text as a client may write it, and the same without insignificant whitespace. */
export interface JsonText {
  text: string;
  compact: string;
}

const space = fc.constantFrom('', '', '', ' ', '\n', '\t', '\r\n', '  ');
const character = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', ' ', '  ', '{', '}', '[', ',', ':', 'é', '€', '😀', '\u2028') },
  {
    weight: 2,
    arbitrary: fc.constantFrom('\\"', '\\\\', '\\/', '\\b', '\\f', '\\n', '\\r', '\\t', '\\u0000', '\\u00e9', '\\ud83d\\ude00', '\\uD800'),
  },
);
const string = fc.array(character, { maxLength: 6 }).map((parts) => `"${parts.join('')}"`);
const number = fc.constantFrom(
  '0',
  '-0',
  '1.0',
  '1.50',
  '-12.25e+3',
  '1E400',
  '0.1e-7',
  '123456789012345678901234567890',
  '9007199254740993',
);
const word = fc.constantFrom('true', 'false', 'null');

const joined = (parts: string[], [open, close]: string) => open + parts.join(',') + close;

const { value } = fc.letrec<{ value: JsonText; array: JsonText; object: JsonText; scalar: JsonText }>((tie) => ({
  value: fc.oneof({ maxDepth: 4, withCrossShrink: true }, tie('scalar'), tie('array'), tie('object')),
  scalar: fc
    .tuple(space, fc.oneof(string, number, word), space)
    .map(([before, scalar, after]) => ({ text: before + scalar + after, compact: scalar })),
  array: fc.tuple(space, fc.array(tie('value'), { maxLength: 4 }), space).map(([before, items, after]) => ({
    text: `${before}${
      items.length === 0
        ? `[${after}]`
        : joined(
            items.map(({ text }) => text),
            '[]',
          )
    }${after}`,
    compact: joined(
      items.map(({ compact }) => compact),
      '[]',
    ),
  })),
  object: fc
    .tuple(space, fc.array(fc.tuple(space, string, space, tie('value')), { maxLength: 4 }), space)
    .map(([before, members, after]) => ({
      text: `${before}${joined(
        members.map(([left, name, right, { text }]) => `${left}${name}${right}:${text}`),
        '{}',
      )}${after}`,
      compact: joined(
        members.map(([, name, , { compact }]) => `${name}:${compact}`),
        '{}',
      ),
    })),
}));

/** JSON of every kind, with numbers, escapes and whitespace as clients write them. */
export const jsonText: fc.Arbitrary<JsonText> = value;
