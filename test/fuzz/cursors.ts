import { writeCursor } from '../../lib/records/responses/cursor.ts';
import type { Known } from './known.ts';

/** Cursors of this gateway and of others, whole and damaged. */
export function cursorsOf({ there }: Known): string[] {
  const [topic, another] = there;
  const places = [0, 1].map((partition) => ({ topic, partition, offset: 0 }));
  const ours = [
    places,
    places.slice(0, 1),
    places.map((place) => ({ ...place, offset: 1000 })),
    [...places, { topic: another, partition: 0, offset: 2 }],
    places.map((place) => ({ ...place, incarnation: 'abcd' })),
    places.map((place) => ({ ...place, incarnation: 'a' })),
    [{ topic, partition: 7, offset: 0 }],
    [{ topic: 'no-such-topic', partition: 0, offset: 0 }],
    [{ topic, partition: 0, offset: Number.MAX_SAFE_INTEGER }],
    [],
  ].map(writeCursor);
  const plain = [
    `${topic}@0#0`,
    `${topic}@0#0,1#1;${another}@0#0`,
    `${topic}@0#0,0#1`,
    `${topic}@0`,
    '@',
    '..@0#0',
    `${topic}@0#9007199254740993`,
  ];
  const packed = plain.flatMap((text) => [Buffer.from(text).toString('base64'), Buffer.from(text).toString('base64url')]);
  return [...ours, ...plain, ...packed, ours[0].slice(1), ours[0].slice(0, -2), `${ours[0]}=`, 'fg', 'A', ''];
}
