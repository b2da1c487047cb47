import { useCallback } from 'preact/hooks';
import { type Address, addressOf } from './address.ts';
import { askText } from './client.ts';
import { elementsOf, textOf } from './exact-json.ts';
import { Finder } from './finder.tsx';
import { useLoaded } from './hooks.ts';
import { Foreign, Problem } from './parts.tsx';
import type { Column } from './table.tsx';
import { type TopicSize, useTopicSizes } from './topic-sizes.ts';

/** The most topics whose sizes are read for sorting by size. */
const MOST_SORTED = 5000;

const NUMBERS: readonly (readonly [title: string, id: keyof TopicSize])[] = [
  ['Partitions', 'partitions'],
  ['Offsets', 'offsets'],
  ['In the last minute', 'came'],
];

/** A searchable list of topics. It reads the sizes of the topics in sight; to sort by size, of all topics found. */
export function Topics({ address }: { address: Address }) {
  const topics = useLoaded('topics', async (signal) => elementsOf(await askText('/topics', { signal })).map(textOf));
  const sizes = useTopicSizes();
  const sort = address.parameters.get('sort') ?? '';
  const isBySize = NUMBERS.some(([, id]) => sort.replace('-', '') === id);
  const see = useCallback(
    (inSight: readonly string[], found: readonly string[]) => sizes.want(isBySize ? found.slice(0, MOST_SORTED) : inSight),
    [isBySize],
  );
  const reload = (): void => {
    sizes.forget();
    topics.reload();
  };
  return (
    <Finder
      address={address}
      title="Topics"
      one="topic"
      many="topics"
      loaded={{ ...topics, reload }}
      nameOf={(topic) => topic}
      version={sizes.version}
      see={see}
      columns={[
        {
          title: 'Topic',
          of: (topic) => (
            <a href={addressOf(['topics', topic])}>
              <Foreign text={topic} />
            </a>
          ),
          sort: { id: 'name', by: (topic) => topic },
        },
        ...NUMBERS.map(
          ([title, id]): Column<string> => ({
            title,
            isNumber: true,
            of: (topic) => sizes.of(topic)?.[id].toLocaleString('en') ?? (sizes.of(topic) === null ? '–' : ''),
            sort: { id, by: (topic) => sizes.of(topic)?.[id] ?? -1 },
          }),
        ),
      ]}
    >
      {(found) => (
        <>
          {isBySize && sizes.isReading && <p role="status">Reading how much there is …</p>}
          {isBySize && found > MOST_SORTED && (
            <p>Only the first {MOST_SORTED.toLocaleString('en')} by their names are sorted: search to have fewer.</p>
          )}
          {sizes.error !== null && <Problem error={sizes.error} />}
        </>
      )}
    </Finder>
  );
}
