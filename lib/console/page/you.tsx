import { whoami } from './access.ts';
import { ask } from './client.ts';
import { Facts } from './facts.tsx';
import type { Grant } from './grants.ts';
import { type Loaded, useLoaded } from './hooks.ts';
import { type LimitLeft, limitLeft } from './limit-left.ts';
import { Foreign, Show, Title } from './parts.tsx';
import { settings } from './settings.ts';
import { Table } from './table.tsx';

/** The caller: name, authentication, and rights. */
export function You() {
  const loaded = useLoaded('you', () => whoami());
  // Only requests to Kafka count against limits, and their responses say what is left. Nothing else waits for Kafka.
  const limit = useLoaded('limit', async (signal) => {
    await ask('/topics', { signal });
    return { left: limitLeft() };
  });
  return (
    <>
      <Title name="You" />
      <Show loaded={loaded}>
        {({ principal, mode, grants }) => (
          <>
            <Facts
              facts={[
                ['Name', principal === null ? 'Nobody in particular' : <Foreign text={principal} />],
                ['Known by', mode ?? '–'],
                ['This page is to', settings.mode === 'write' ? 'look and to change' : 'look only'],
                ['Limit', limitOf(limit)],
              ]}
            />
            <h2>Grants</h2>
            {grants === null ? <p>Nothing is limited by grants; Kafka’s ACLs may limit more.</p> : <Grants grants={grants} />}
          </>
        )}
      </Show>
    </>
  );
}

function limitOf({ value, error }: Loaded<{ left: LimitLeft | null }>): string {
  if (error !== null) return `Not known: ${error.message}`;
  if (value === null) return 'Loading …';
  return value.left === null
    ? 'None that applies here'
    : `${value.left.remaining} of ${value.left.limit} left, all of it in ${value.left.reset} s`;
}

const Grants = ({ grants }: { grants: readonly Grant[] }) =>
  grants.length === 0 ? (
    <p>None</p>
  ) : (
    <Table
      label="Grants"
      rows={grants.map((grant, index) => ({ ...grant, index }))}
      keyOf={({ index }) => String(index)}
      columns={[
        { title: 'Operations', of: ({ operations }) => operations.join(', ') },
        { title: 'Topics', of: ({ topics }) => <Foreign text={topics.join(', ') || '–'} /> },
        { title: 'Consumer groups', of: ({ consumer_groups }) => <Foreign text={consumer_groups.join(', ') || '–'} /> },
      ]}
    />
  );
