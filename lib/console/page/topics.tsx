import { type Address, addressOf } from './address.ts';
import { askText } from './client.ts';
import { elementsOf, textOf } from './exact-json.ts';
import { Finder } from './finder.tsx';
import { useLoaded } from './hooks.ts';
import { Foreign } from './parts.tsx';

/** The names of all topics, to find one. */
export function Topics({ address }: { address: Address }) {
  const topics = useLoaded('topics', async (signal) => elementsOf(await askText('/topics', { signal })).map(textOf));
  return (
    <Finder
      address={address}
      title="Topics"
      one="topic"
      many="topics"
      loaded={topics}
      nameOf={(topic) => topic}
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
  );
}
