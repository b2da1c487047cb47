import { askText, rowsOf } from './client.ts';
import { Facts } from './facts.tsx';
import { useLoaded } from './hooks.ts';
import { Show } from './parts.tsx';
import { type Bounds, readBounds } from './records.ts';

const MINUTE_MS = 60_000;

/** How many offsets lie within the bounds of all partitions. */
const offsetsWithin = ({ beginnings, ends }: Bounds): number =>
  [...ends].reduce((sum, [partition, end]) => sum + end - (beginnings.get(partition) ?? end), 0);

/** How many offsets a topic holds, and how many are from the last minute. */
export function Flow({ topic }: { topic: string }) {
  const loaded = useLoaded(`flow ${topic}`, async (signal) => {
    const bounds = await readBounds(topic, signal);
    const since = new Date(Date.now() - MINUTE_MS).toISOString();
    const firsts = rowsOf(await askText(`/topics/${encodeURIComponent(topic)}/offsets?timestamp=${since}`, { signal }));
    const beginnings = new Map(
      firsts.filter((row) => row.get('offset') !== '-1').map((row) => [Number(row.get('partition')), Number(row.get('offset'))]),
    );
    return { holds: offsetsWithin(bounds), came: offsetsWithin({ beginnings, ends: bounds.ends }) };
  });
  return (
    <Show loaded={loaded}>
      {({ holds, came }) => (
        <Facts
          facts={[
            ['Offsets that it holds', holds.toLocaleString('en')],
            ['In the last minute', came.toLocaleString('en')],
          ]}
        />
      )}
    </Show>
  );
}
