import { useMemo } from 'preact/hooks';
import { type Address, addressOf, withParameters } from './address.ts';
import { askText } from './client.ts';
import { elementsOf, textOf } from './exact-json.ts';
import { go, useLoaded } from './hooks.ts';
import { Field, Foreign, Show, Title } from './parts.tsx';
import { Table } from './table.tsx';

/** The names of all topics, to find one. */
export function Topics({ address }: { address: Address }) {
  const search = address.parameters.get('q') ?? '';
  const topics = useLoaded('topics', async (signal) => elementsOf(await askText('/topics', { signal })).map(textOf));
  const found = useMemo(
    () => topics.value?.filter((topic) => topic.toLowerCase().includes(search.toLowerCase())) ?? [],
    [topics.value, search],
  );
  return (
    <>
      <Title name="Topics" />
      <div class="controls">
        <Field label="Search">
          <input
            type="search"
            value={search}
            onInput={({ currentTarget }) => go(withParameters(address, { q: currentTarget.value }), true)}
          />
        </Field>
      </div>
      <Show loaded={topics}>
        {(all) => (
          <>
            <p role="status">
              {found.length === all.length ? all.length : `${found.length} of ${all.length}`} {all.length === 1 ? 'topic' : 'topics'}
            </p>
            <Table
              label="Topics"
              rows={found}
              keyOf={(topic) => topic}
              columns={[
                {
                  title: 'Topic',
                  of: (topic) => (
                    <a href={addressOf(['topics', topic])}>
                      <Foreign text={topic} />
                    </a>
                  ),
                },
              ]}
            />
          </>
        )}
      </Show>
    </>
  );
}
