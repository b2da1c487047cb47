import fc from 'fast-check';
import { type TypedBody, text, timestamp, topicIn, without } from './contents.ts';
import type { Known } from './known.ts';

const json = (offsets: readonly object[]): TypedBody => ({ contentType: 'application/json', content: JSON.stringify({ offsets }) });

const soundOffsets = ({ there }: Known) =>
  fc
    .record({ partition: fc.constantFrom(0, 1, null), at: fc.constantFrom({ offset: 'latest' }, { timestamp: 0 }), metadata: text })
    .map(({ partition, at, metadata }) => json(there.map((topic) => ({ topic, partition, ...at, metadata }))));

const oddOffsets = (known: Known) =>
  fc
    .tuple(
      fc.array(
        fc.record(
          {
            topic: topicIn(known),
            partition: fc.constantFrom(0, 0, 1, 1, 2, null, -1, 2_147_483_647, '0'),
            offset: fc.constantFrom(0, 1, 'earliest', 'latest', null, 9_007_199_254_740_991, -1, 1.5, '1'),
            timestamp,
            metadata: fc.oneof(text, fc.constantFrom(null, '', 'm'.repeat(5000), 7)),
            surplus: fc.constant(1),
          },
          { requiredKeys: ['topic', 'partition'] },
        ),
        { maxLength: 4 },
      ),
      fc.subarray(['surplus', 'timestamp', 'metadata'], { minLength: 1 }),
    )
    .map(([offsets, left]) => json(offsets.map((offset) => without(offset, left))));

/** Bodies of `PUT /groups/{group}/offsets`. */
export const committedOffsets = (known: Known): fc.Arbitrary<TypedBody> => fc.oneof(soundOffsets(known), oddOffsets(known));
