import { useMayChange } from './access.ts';
import { type Address, addressOf } from './address.ts';
import { ask, askMembers, rowsOf, shown } from './client.ts';
import { Confirmed } from './confirmed.tsx';
import { membersOf, textOf } from './exact-json.ts';
import { Flow } from './flow.tsx';
import { goAfter, useLoaded } from './hooks.ts';
import { Live } from './live.tsx';
import { Foreign, Show, Title } from './parts.tsx';
import { Produce } from './produce.tsx';
import { readBounds } from './records.ts';
import { Records, readingOf } from './records.tsx';
import { Table } from './table.tsx';

const VIEWS = [
  ['', 'Records'],
  ['partitions', 'Partitions'],
  ['settings', 'Settings'],
] as const;

const PRODUCE = ['produce', 'Produce'] as const;

/** A topic: its records, its partitions, its settings. */
export function TopicPage({ topic, address }: { topic: string; address: Address }) {
  const view = address.path[2] ?? '';
  const may = useMayChange();
  const mayProduce = may('produce', 'topics', topic);
  return (
    <>
      <Title name={topic} />
      <nav class="tabs" aria-label="Topic">
        {[...VIEWS, ...(mayProduce ? [PRODUCE] : [])].map(([path, name]) => (
          <a key={path} href={addressOf(['topics', topic, path].filter(Boolean))} aria-current={view === path ? 'page' : undefined}>
            {name}
          </a>
        ))}
      </nav>
      {view === '' &&
        (address.parameters.has('live') ? (
          <Live reading={readingOf(topic, address)} address={address} />
        ) : (
          <Records topic={topic} address={address} />
        ))}
      {view === 'partitions' && <Partitions topic={topic} />}
      {view === 'settings' && (
        <>
          <Settings topic={topic} />
          {may('delete', 'topics', topic) && (
            <section class="details" aria-label="Deletion">
              <h2>Delete</h2>
              <Confirmed
                button="Delete the topic"
                kind="topic to delete"
                name={topic}
                act={() => goAfter(deleteTopic(topic), addressOf(['topics']))}
              />
            </section>
          )}
        </>
      )}
      {view === 'produce' && mayProduce && <Produce topic={topic} />}
      {![...VIEWS, ...(mayProduce ? [PRODUCE] : [])].some(([path]) => path === view) && <p>Nothing is here: choose one of these views.</p>}
    </>
  );
}

async function deleteTopic(topic: string): Promise<void> {
  const [cluster] = rowsOf((await askMembers('/v3/clusters')).get('data'));
  await ask(`/v3/clusters/${encodeURIComponent(shown(cluster, 'cluster_id'))}${pathOf(topic)}`, { method: 'DELETE' });
}

const pathOf = (topic: string): string => `/topics/${encodeURIComponent(topic)}`;

function Partitions({ topic }: { topic: string }) {
  const loaded = useLoaded(topic, async (signal) => {
    const [members, bounds] = await Promise.all([askMembers(pathOf(topic), { signal }), readBounds(topic, signal)]);
    return { partitions: rowsOf(members.get('partitions')), bounds };
  });
  return (
    <Show loaded={loaded}>
      {({ partitions, bounds: { beginnings, ends } }) => (
        <>
          <Flow topic={topic} />
          <Table
            label="Partitions"
            rows={partitions}
            keyOf={(partition) => shown(partition, 'partition')}
            columns={[
              { title: 'Partition', of: (one) => shown(one, 'partition'), isNumber: true },
              { title: 'Leader', of: (one) => shown(one, 'leader'), isNumber: true },
              { title: 'Replicas, those behind in brackets', of: (one) => replicasOf(one) },
              { title: 'Beginning', of: (one) => beginnings.get(Number(one.get('partition'))) ?? '–', isNumber: true },
              { title: 'End', of: (one) => ends.get(Number(one.get('partition'))) ?? '–', isNumber: true },
            ]}
          />
        </>
      )}
    </Show>
  );
}

const replicasOf = (partition: ReadonlyMap<string, string>): string =>
  rowsOf(partition.get('replicas'))
    .map((replica) => (replica.get('in_sync') === 'true' ? shown(replica, 'broker') : `(${shown(replica, 'broker')})`))
    .join(', ');

function Settings({ topic }: { topic: string }) {
  const loaded = useLoaded(topic, async (signal) => {
    const members = await askMembers(pathOf(topic), { signal });
    return [...membersOf(members.get('configs') ?? '{}')].sort(([a], [b]) => (a < b ? -1 : 1));
  });
  return (
    <Show loaded={loaded}>
      {(rows) => (
        <Table
          label="Settings"
          rows={rows}
          keyOf={([name]) => name}
          columns={[
            { title: 'Setting', of: ([name]) => <Foreign text={name} /> },
            { title: 'Value', of: ([, value]) => <Foreign text={textOf(value)} /> },
          ]}
        />
      )}
    </Show>
  );
}
