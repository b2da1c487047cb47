import { type Address, addressOf } from './address.ts';
import { askMembers, rowsOf, shown } from './client.ts';
import { Finder } from './finder.tsx';
import { useLoaded } from './hooks.ts';
import { Foreign } from './parts.tsx';

/** A searchable list of consumer groups of all protocols. */
export function Groups({ address }: { address: Address }) {
  const groups = useLoaded('groups', async (signal) => rowsOf((await askMembers('/groups', { signal })).get('groups')));
  return (
    <Finder
      address={address}
      title="Consumer groups"
      one="group"
      many="groups"
      loaded={groups}
      nameOf={nameOf}
      columns={[
        {
          title: 'Group',
          of: (group) => (
            <a href={addressOf(['groups', nameOf(group)])}>
              <Foreign text={nameOf(group)} />
            </a>
          ),
          sort: { id: 'name', by: nameOf },
        },
        { title: 'State', of: (group) => shown(group, 'state'), sort: { id: 'state', by: (group) => shown(group, 'state') } },
        { title: 'Type', of: (group) => shown(group, 'type'), sort: { id: 'type', by: (group) => shown(group, 'type') } },
        { title: 'Protocol', of: (group) => shown(group, 'protocol_type') },
      ]}
    />
  );
}

const nameOf = (group: ReadonlyMap<string, string>): string => shown(group, 'group_id');
