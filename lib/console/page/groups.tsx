import { useMemo } from 'preact/hooks';
import { type Address, addressOf, withParameters } from './address.ts';
import { askMembers, rowsOf, shown } from './client.ts';
import { go, useLoaded } from './hooks.ts';
import { Field, Foreign, Show, Title } from './parts.tsx';
import { Table } from './table.tsx';

/** Consumer groups of all protocols, to find one. */
export function Groups({ address }: { address: Address }) {
  const search = address.parameters.get('q') ?? '';
  const groups = useLoaded('groups', async (signal) => rowsOf((await askMembers('/groups', { signal })).get('groups')));
  const found = useMemo(
    () => groups.value?.filter((group) => shown(group, 'group_id').toLowerCase().includes(search.toLowerCase())) ?? [],
    [groups.value, search],
  );
  return (
    <>
      <Title name="Consumer groups" />
      <div class="controls">
        <Field label="Search">
          <input
            type="search"
            value={search}
            onInput={({ currentTarget }) => go(withParameters(address, { q: currentTarget.value }), true)}
          />
        </Field>
      </div>
      <Show loaded={groups}>
        {(all) => (
          <>
            <p role="status">
              {found.length === all.length ? all.length : `${found.length} of ${all.length}`} {all.length === 1 ? 'group' : 'groups'}
            </p>
            <Table
              label="Consumer groups"
              rows={found}
              keyOf={(group) => shown(group, 'group_id')}
              columns={[
                {
                  title: 'Group',
                  of: (group) => (
                    <a href={addressOf(['groups', shown(group, 'group_id')])}>
                      <Foreign text={shown(group, 'group_id')} />
                    </a>
                  ),
                },
                { title: 'State', of: (group) => shown(group, 'state') },
                { title: 'Type', of: (group) => shown(group, 'type') },
                { title: 'Protocol', of: (group) => shown(group, 'protocol_type') },
              ]}
            />
          </>
        )}
      </Show>
    </>
  );
}
