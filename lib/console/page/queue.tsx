import { useMayChange } from './access.ts';
import { addressOf } from './address.ts';
import { ApiError, askMembers, rowsOf, shown } from './client.ts';
import { Facts } from './facts.tsx';
import { useLoaded } from './hooks.ts';
import { Foreign, Show, Title } from './parts.tsx';
import { QueueSettings } from './queue-settings.tsx';
import { Receive } from './receive.tsx';
import { Table } from './table.tsx';

/** A queue: its settings, how far it has come, and for who may, records of it. */
export function QueuePage({ queue }: { queue: string }) {
  const path = `/queues/${encodeURIComponent(queue)}`;
  const loaded = useLoaded(queue, async (signal) => {
    try {
      return await askMembers(path, { signal });
    } catch (error) {
      // It may have its settings already.
      if (error instanceof ApiError && error.status === 404) return new Map<string, string>();
      throw error;
    }
  });
  const may = useMayChange();
  return (
    <>
      <Title name={queue} />
      <Show loaded={loaded}>
        {(members) => {
          const partitions = rowsOf(members.get('partitions'));
          return (
            <>
              <Facts
                facts={[
                  ['State', members.size === 0 ? 'Not there before its first receive' : shown(members, 'state')],
                  ['Consumers that have joined', shown(members, 'members')],
                  ['Begins at', shown(members, 'auto_offset_reset')],
                  ['Lock (ms)', shown(members, 'lock_ms')],
                  ['Deliveries, at most', shown(members, 'delivery_limit')],
                ]}
              />
              <button type="button" onClick={loaded.reload}>
                Read again
              </button>
              <h2>Partitions</h2>
              {partitions.length === 0 ? <p>Nothing was received yet</p> : <Partitions partitions={partitions} />}
              {may('consume', 'consumer_groups', queue) && (
                <Receive path={path} topics={[...new Set(partitions.map((one) => shown(one, 'topic')))]} done={loaded.reload} />
              )}
              {may('alter', 'consumer_groups', queue) && <QueueSettings path={path} members={members} done={loaded.reload} />}
            </>
          );
        }}
      </Show>
    </>
  );
}

const Partitions = ({ partitions }: { partitions: readonly ReadonlyMap<string, string>[] }) => (
  <Table
    label="Partitions"
    rows={partitions}
    keyOf={(one) => `${one.get('topic')} ${one.get('partition')}`}
    columns={[
      {
        title: 'Topic',
        of: (one) => (
          <a href={addressOf(['topics', shown(one, 'topic')])}>
            <Foreign text={shown(one, 'topic')} />
          </a>
        ),
      },
      { title: 'Partition', of: (one) => shown(one, 'partition'), isNumber: true },
      { title: 'Settled before', of: (one) => shown(one, 'start_offset'), isNumber: true },
      { title: 'Not settled', of: (one) => shown(one, 'lag'), isNumber: true },
    ]}
  />
);
