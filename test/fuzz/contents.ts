import fc from 'fast-check';
import type { Known } from './known.ts';

/** A body and the Content-Type that it is of; without one there is none. */
export interface TypedBody {
  contentType: string | null;
  content: string | Buffer;
  /** What becomes the content of records, where that cannot be found in the body. */
  secrets?: readonly string[];
}

/** Any text, so long now and then that it does not occur by chance. */
export const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), fc.string({ minLength: 12, maxLength: 40 }));

/** Any bytes, in base64. */
export const base64 = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64'));

/** Topics in a body: mostly such that there are. */
export const topicIn = ({ there, added }: Known): fc.Arbitrary<string> =>
  fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...there) }, fc.constantFrom(...added, 'no-such-topic', '..', '', '__consumer_offsets'));

/** Times as clients write them, and what is none. */
export const timestamp = fc.constantFrom(0, 1_767_225_600_000, '2026-01-01T00:00:00Z', -1, 'soon', null, 9_007_199_254_740_991);

/** The object without some of its members. */
export const without = (object: object, names: readonly string[]): object =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));

/** The ways in which clients write JSON: as short as can be, with space in between, or in ASCII. */
export const layout: fc.Arbitrary<(value: unknown) => string> = fc.constantFrom(
  (value) => JSON.stringify(value),
  (value) => JSON.stringify(value, null, ' \t'),
  (value) => JSON.stringify(value).replace(/[^ -.0-~]/g, (character) => (character === '/' ? '\\/' : escaped(character))),
);

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
