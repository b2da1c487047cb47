import { replayTooWide } from '../../messages/push.ts';
import type { Replay } from './subscription.ts';

/** An offset of a partition. */
interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** The item of a subscription, of which a replay is a part, holds 400 KB. */
const MOST_BYTES = 300_000;

/**
 * What a replay delivers: the records between two positions of each partition that has any.
 *
 * @throws {GatewayError} TooLarge for more partitions than a subscription's item has room for
 */
export function replaySpans(begin: readonly Position[], end: readonly Position[]): Replay['spans'] {
  const starts = new Map(begin.map(({ topic, partition, offset }) => [`${partition} ${topic}`, offset]));
  const spans = end.flatMap(({ topic, partition, offset: until }) => {
    const from = starts.get(`${partition} ${topic}`) ?? until;
    return from < until ? [{ topic, partition, from, until }] : [];
  });
  if (JSON.stringify(spans).length > MOST_BYTES) throw replayTooWide(spans.length);
  return spans;
}
