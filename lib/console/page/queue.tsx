import { useMayChange } from './access.ts';
import { ApiError, askMembers, rowsOf, shown } from './client.ts';
import { Facts } from './facts.tsx';
import { useLoaded } from './hooks.ts';
import { PartitionTable } from './partition-table.tsx';
import { Show, Title } from './parts.tsx';
import { QueueSettings } from './queue-settings.tsx';
import { Receive } from './receive.tsx';

/** A queue: its settings, its progress, and, for callers with that right, its records. */
export function QueuePage({ queue }: { queue: string }) {
  const path = `/queues/${encodeURIComponent(queue)}`;
  const loaded = useLoaded(queue, async (signal) => {
    try {
      return await askMembers(path, { signal });
    } catch (error) {
      // Kafka does not know the group yet, but it may already have settings.
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
              {partitions.length === 0 ? (
                <p>Nothing was received yet</p>
              ) : (
                <PartitionTable
                  label="Partitions"
                  rows={partitions}
                  numbers={[
                    ['Settled before', 'start_offset'],
                    ['Not settled', 'lag'],
                  ]}
                />
              )}
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
