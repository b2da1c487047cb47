import { useState } from 'preact/hooks';
import { type Address, addressOf } from './address.ts';
import { askMembers, rowsOf, shown } from './client.ts';
import { Finder } from './finder.tsx';
import { go, useLoaded } from './hooks.ts';
import { Field, Foreign } from './parts.tsx';

/** A searchable list of queues. */
export function Queues({ address }: { address: Address }) {
  const queues = useLoaded('queues', async (signal) => rowsOf((await askMembers('/queues', { signal })).get('queues')));
  const [name, setName] = useState('');
  const open = (event: Event): void => {
    event.preventDefault();
    go(addressOf(['queues', name]));
  };
  return (
    <>
      <Finder
        address={address}
        title="Queues"
        one="queue"
        many="queues"
        loaded={queues}
        nameOf={nameOf}
        columns={[
          {
            title: 'Queue',
            of: (queue) => (
              <a href={addressOf(['queues', nameOf(queue)])}>
                <Foreign text={nameOf(queue)} />
              </a>
            ),
          },
          { title: 'State', of: (queue) => shown(queue, 'state') },
        ]}
      />
      {/* Kafka lists a queue from its first receive on. */}
      <form class="controls" onSubmit={open}>
        <Field label="Name of another queue">
          <input required value={name} onInput={({ currentTarget }) => setName(currentTarget.value)} />
        </Field>
        <button type="submit">Open</button>
      </form>
    </>
  );
}

const nameOf = (queue: ReadonlyMap<string, string>): string => shown(queue, 'group_id');
