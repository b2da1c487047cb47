import { useMayChange } from './access.ts';
import { addressOf } from './address.ts';
import { ask, askMembers, rowsOf, shown } from './client.ts';
import { Confirmed } from './confirmed.tsx';
import { goAfter, useLoaded } from './hooks.ts';
import { PartitionTable } from './partition-table.tsx';
import { Foreign, Show, Title } from './parts.tsx';
import { Reset } from './reset.tsx';
import { Table } from './table.tsx';
import { visible } from './visible.ts';

/** A consumer group: its offsets, its members, and, if it has no members, a way to move it. */
export function GroupPage({ group }: { group: string }) {
  const path = `/groups/${encodeURIComponent(group)}`;
  const loaded = useLoaded(group, async (signal) => {
    const [members, offsets] = await Promise.all([askMembers(path, { signal }), askMembers(`${path}/offsets`, { signal })]);
    return {
      state: shown(members, 'state'),
      type: shown(members, 'type'),
      members: rowsOf(members.get('members')),
      offsets: rowsOf(offsets.get('offsets')),
    };
  });
  const may = useMayChange();
  return (
    <>
      <Title name={group} />
      <Show loaded={loaded}>
        {({ state, type, members, offsets }) => (
          <>
            <p>
              {state}, {type}. Lag in all: <strong>{lagOf(offsets)}</strong>{' '}
              <button type="button" onClick={loaded.reload}>
                Read again
              </button>
            </p>
            <h2>Offsets</h2>
            {offsets.length === 0 ? (
              <p>None</p>
            ) : (
              <PartitionTable
                label="Offsets"
                rows={offsets}
                numbers={[
                  ['Committed', 'offset'],
                  ['End', 'end_offset'],
                  ['Lag', 'lag'],
                ]}
              />
            )}
            <h2>Members</h2>
            {members.length === 0 ? <p>None</p> : <Members members={members} />}
            {may('commit', 'consumer_groups', group) && members.length === 0 && offsets.length > 0 && (
              <Reset group={group} offsets={offsets} done={loaded.reload} />
            )}
            {may('delete', 'consumer_groups', group) && members.length === 0 && (
              <section class="details" aria-label="Deletion">
                <h2>Delete</h2>
                <Confirmed
                  button="Delete the group"
                  kind="group to delete"
                  name={group}
                  act={() => goAfter(ask(path, { method: 'DELETE' }), addressOf(['groups']))}
                />
              </section>
            )}
          </>
        )}
      </Show>
    </>
  );
}

type Row = ReadonlyMap<string, string>;

const lagOf = (offsets: readonly Row[]): string =>
  offsets.reduce((sum, one) => sum + (/^\d+$/.test(one.get('lag') ?? '') ? BigInt(one.get('lag') ?? 0) : 0n), 0n).toString();

const Members = ({ members }: { members: readonly Row[] }) => (
  <Table
    label="Members"
    rows={members}
    keyOf={(member) => shown(member, 'member_id')}
    columns={[
      // Ids may be long, and those of the gateway's consumers are: cut, they leave the partitions in sight.
      { title: 'Member', of: (member) => <Cut text={shown(member, 'member_id')} /> },
      { title: 'Client', of: (member) => <Cut text={shown(member, 'client_id')} /> },
      { title: 'Host', of: (member) => <Foreign text={shown(member, 'host')} /> },
      { title: 'Partitions', of: (member) => <Foreign text={assignmentsOf(member)} /> },
    ]}
  />
);

const Cut = ({ text }: { text: string }) => (
  <span class="cut" title={visible(text)}>
    <Foreign text={text} />
  </span>
);

const assignmentsOf = (member: Row): string =>
  rowsOf(member.get('assignments'))
    .map((one) => `${shown(one, 'topic')} ${shown(one, 'partitions')}`)
    .join(', ');
