import { ask, askMembers, shown } from './client.ts';
import { elementsOf } from './exact-json.ts';
import { useLoaded } from './hooks.ts';
import { Foreign, Show, Title } from './parts.tsx';
import { Table } from './table.tsx';

interface Check {
  name: string;
  /** The finding, in words. */
  found: string;
  isGood: boolean;
}

async function check(name: string, look: () => Promise<string>): Promise<Check> {
  try {
    return { name, found: await look(), isGood: true };
  } catch (error) {
    return { name, found: error instanceof Error ? error.message : String(error), isGood: false };
  }
}

/** Whether the gateway and Kafka answer. */
export function Health() {
  const loaded = useLoaded('health', (signal) =>
    Promise.all([
      check('The gateway runs', async () => shown(await askMembers('/health', { signal }), 'status')),
      check('Its version', async () => {
        const root = await askMembers('/', { signal });
        return `${shown(root, 'name')} ${shown(root, 'version')}`;
      }),
      check('Kafka answers', async () => `${shown(await askMembers('/health/ready', { signal }), 'brokers')} brokers`),
      check('The brokers', async () => elementsOf((await askMembers('/brokers', { signal })).get('brokers') ?? '[]').join(', ')),
      check('You are let in', async () => `Status ${(await ask('/topics', { signal })).status}`),
    ]),
  );
  return (
    <>
      <Title name="Health" />
      <button type="button" onClick={loaded.reload}>
        Look again
      </button>
      <Show loaded={loaded}>
        {(checks) => (
          <Table
            label="Health"
            rows={checks}
            keyOf={({ name }) => name}
            columns={[
              { title: 'Check', of: ({ name }) => name },
              { title: 'Result', of: ({ isGood }) => (isGood ? 'Good' : <strong>Bad</strong>) },
              { title: 'Found', of: ({ found }) => <Foreign text={found} /> },
            ]}
          />
        )}
      </Show>
    </>
  );
}
