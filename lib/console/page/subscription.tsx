import { useMayChange } from './access.ts';
import { addressOf } from './address.ts';
import { askMembers, rowsOf, shown } from './client.ts';
import { membersOf, textOf } from './exact-json.ts';
import { Facts } from './facts.tsx';
import { useLoaded } from './hooks.ts';
import { Foreign, Show, Title } from './parts.tsx';
import { SubscriptionActions } from './subscription-actions.tsx';
import { topicNames, topicsOf } from './subscriptions.tsx';
import { Table } from './table.tsx';

type Row = ReadonlyMap<string, string>;

/** A subscription: its state, its deliveries, and, for callers with that right, its actions. */
export function SubscriptionPage({ name }: { name: string }) {
  const path = `/subscriptions/${encodeURIComponent(name)}`;
  const loaded = useLoaded(name, async (signal) => {
    const [members, attempts] = await Promise.all([askMembers(path, { signal }), askMembers(`${path}/attempts`, { signal })]);
    return { members, attempts: rowsOf(attempts.get('attempts')) };
  });
  const may = useMayChange();
  return (
    <>
      <Title name={name} />
      <Show loaded={loaded}>
        {({ members, attempts }) => {
          const topics = topicNames(members);
          return (
            <>
              <Facts facts={factsOf(members)} />
              {members.get('last_error')?.startsWith('{') && <LastError error={membersOf(members.get('last_error') ?? '')} />}
              {members.get('problem')?.startsWith('"') && (
                <p class="problem">
                  <Foreign text={shown(members, 'problem')} />
                </p>
              )}
              <button type="button" onClick={loaded.reload}>
                Read again
              </button>
              {(topics.length > 0 ? topics : ['*']).every((topic) => may('subscribe', 'topics', topic)) && (
                <SubscriptionActions name={name} path={path} state={shown(members, 'state')} done={loaded.reload} />
              )}
              <h2>Last attempts</h2>
              {attempts.length === 0 ? <p>None</p> : <Attempts attempts={attempts} />}
            </>
          );
        }}
      </Show>
    </>
  );
}

const group = (members: Row) => (
  <a href={addressOf(['groups', shown(members, 'consumer_group')])}>
    <Foreign text={shown(members, 'consumer_group')} />
  </a>
);

const factsOf = (members: Row) =>
  [
    ['State', shown(members, 'state')],
    ['Why', <Foreign key="why" text={shown(members, 'reason')} />],
    ['Topics', <Foreign key="topics" text={topicsOf(members)} />],
    ['URL', <Foreign key="url" text={shown(members, 'url')} />],
    ['Verified', members.get('verified') === 'true' ? 'yes' : 'no'],
    ['Replaying', members.get('replaying') === 'true' ? 'yes' : 'no'],
    ['Lag', shown(members, 'lag')],
    ['Delivered', shown(members, 'delivered')],
    ['Parked', shown(members, 'parked')],
    ['Dead letters', shown(members, 'dead_lettered')],
    ['Dropped', shown(members, 'dropped')],
    ['Last success', shown(members, 'last_success')],
    ['Failing since', shown(members, 'failing_since')],
    ['Consumer group', group(members)],
  ] as const;

const LastError = ({ error }: { error: Row }) => (
  <p class="problem">
    <strong>Last error:</strong> <Foreign text={shown(error, 'message')} /> ({shown(error, 'at')}
    {error.get('status') !== 'null' && `, status ${shown(error, 'status')}`})
  </p>
);

const Attempts = ({ attempts }: { attempts: readonly Row[] }) => (
  <Table
    label="Last attempts"
    rows={attempts}
    keyOf={(one) => `${one.get('at')} ${one.get('webhook_id')} ${one.get('attempt')}`}
    columns={[
      { title: 'Time', of: (one) => shown(one, 'at') },
      { title: 'Topic', of: (one) => <Foreign text={shown(one, 'topic')} /> },
      { title: 'Partition', of: (one) => shown(one, 'partition'), isNumber: true },
      {
        title: 'Offset',
        isNumber: true,
        of: (one) => (
          <a href={addressOf(['topics', textOf(one.get('topic') ?? '')], { open: `${one.get('partition')}#${one.get('offset')}` })}>
            {shown(one, 'offset')}
          </a>
        ),
      },
      { title: 'Attempt', of: (one) => shown(one, 'attempt'), isNumber: true },
      { title: 'Outcome', of: (one) => shown(one, 'outcome') },
      { title: 'Status', of: (one) => shown(one, 'status'), isNumber: true },
      { title: 'Took (ms)', of: (one) => shown(one, 'ms'), isNumber: true },
      { title: 'Error', of: (one) => <Foreign text={shown(one, 'error')} /> },
    ]}
  />
);
