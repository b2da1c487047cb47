import { useEffect, useState } from 'preact/hooks';
import type { Address } from './address.ts';
import { addressOf } from './address.ts';
import { GroupPage } from './group.tsx';
import { Groups } from './groups.tsx';
import { Health } from './health.tsx';
import { useAddress } from './hooks.ts';
import { Login } from './login.tsx';
import { Title } from './parts.tsx';
import { QueuePage } from './queue.tsx';
import { Queues } from './queues.tsx';
import { Search } from './search.tsx';
import { expire, isSignedIn, onSession } from './session.ts';
import { NEEDS_LOGIN, settings } from './settings.ts';
import { SubscriptionPage } from './subscription.tsx';
import { Subscriptions } from './subscriptions.tsx';
import { Theme } from './theme.tsx';
import { TopicPage } from './topic.tsx';
import { Topics } from './topics.tsx';
import { You } from './you.tsx';

const SECTIONS = [
  ['topics', 'Topics'],
  ['groups', 'Consumer groups'],
  ['queues', 'Queues'],
  ...(settings.hasSubscriptions ? ([['subscriptions', 'Subscriptions']] as const) : []),
  ['health', 'Health'],
  ['you', 'You'],
] as const;

export function App() {
  const address = useAddress();
  const [, changed] = useState(0);
  useEffect(() => onSession(() => changed((n) => n + 1)), []);
  const isIn = !NEEDS_LOGIN || isSignedIn();
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the content
      </button>
      <header>
        <a class="brand" href="#/topics">
          Kafka console
        </a>
        <nav aria-label="Sections">
          {SECTIONS.map(([path, name]) => (
            <a key={path} href={addressOf([path])} aria-current={sectionOf(address) === path ? 'page' : undefined}>
              {name}
            </a>
          ))}
          <a href={`${settings.base}/docs`}>API</a>
        </nav>
        {isIn && <Search />}
        <Theme />
        {NEEDS_LOGIN && isIn && (
          <button type="button" onClick={expire}>
            Sign out
          </button>
        )}
        {settings.auth.includes('none') && <p class="banner">This gateway is open to everyone who can reach it.</p>}
      </header>
      <main id="main" tabIndex={-1}>
        {isIn ? <View address={address} /> : <Login />}
      </main>
    </>
  );
}

const sectionOf = ({ path }: Address): string => path[0] ?? 'topics';

function View({ address }: { address: Address }) {
  const [section = 'topics', name] = address.path;
  if (section === 'topics')
    return name === undefined ? <Topics address={address} /> : <TopicPage key={name} topic={name} address={address} />;
  if (section === 'groups') return name === undefined ? <Groups address={address} /> : <GroupPage key={name} group={name} />;
  if (section === 'queues') return name === undefined ? <Queues address={address} /> : <QueuePage key={name} queue={name} />;
  if (section === 'subscriptions') {
    return name === undefined ? <Subscriptions address={address} /> : <SubscriptionPage key={name} name={name} />;
  }
  if (section === 'health') return <Health />;
  if (section === 'you') return <You />;
  return (
    <>
      <Title name="Nothing is here" />
      <p>
        <a href="#/topics">All topics</a>
      </p>
    </>
  );
}
