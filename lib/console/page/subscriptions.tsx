import { type Address, addressOf } from './address.ts';
import { askMembers, rowsOf, shown } from './client.ts';
import { elementsOf, textOf } from './exact-json.ts';
import { Finder } from './finder.tsx';
import { useLoaded } from './hooks.ts';
import { Foreign } from './parts.tsx';

/** A searchable list of subscriptions. */
export function Subscriptions({ address }: { address: Address }) {
  const subscriptions = useLoaded('subscriptions', async (signal) =>
    rowsOf((await askMembers('/subscriptions', { signal })).get('subscriptions')),
  );
  return (
    <Finder
      address={address}
      title="Subscriptions"
      one="subscription"
      many="subscriptions"
      loaded={subscriptions}
      nameOf={nameOf}
      columns={[
        {
          title: 'Subscription',
          of: (one) => (
            <a href={addressOf(['subscriptions', nameOf(one)])}>
              <Foreign text={nameOf(one)} />
            </a>
          ),
        },
        { title: 'State', of: (one) => shown(one, 'state') },
        { title: 'Topics', of: (one) => <Foreign text={topicsOf(one)} /> },
        { title: 'URL', of: (one) => <Foreign text={shown(one, 'url')} /> },
      ]}
    />
  );
}

type Row = ReadonlyMap<string, string>;

const nameOf = (subscription: Row): string => shown(subscription, 'name');

/** The topics of a subscription, or the pattern of their names. */
export const topicsOf = (subscription: Row): string =>
  topicNames(subscription).length > 0 ? topicNames(subscription).join(', ') : shown(subscription, 'topics_pattern');

/** The topics that a subscription names. */
export function topicNames(subscription: Row): string[] {
  const topics = subscription.get('topics');
  return topics?.startsWith('[') ? elementsOf(topics).map(textOf) : [];
}
