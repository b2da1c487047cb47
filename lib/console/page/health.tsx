import { useEffect, useState } from 'preact/hooks';
import { WHERE_CREDENTIALS_ARE_JUDGED } from './access.ts';
import { ask, askMembers, shown } from './client.ts';
import { elementsOf } from './exact-json.ts';
import { Foreign, Title } from './parts.tsx';
import { Table } from './table.tsx';

interface Check {
  name: string;
  /** @returns the finding, in words */
  look: (signal: AbortSignal) => Promise<string>;
}

interface Finding {
  found: string;
  isGood: boolean;
}

const CHECKS: readonly Check[] = [
  { name: 'The gateway runs', look: async (signal) => shown(await askMembers('/health', { signal }), 'status') },
  {
    name: 'Its version',
    look: async (signal) => {
      const root = await askMembers('/', { signal });
      return `${shown(root, 'name')} ${shown(root, 'version')}`;
    },
  },
  {
    name: 'Kafka answers',
    look: async (signal) => {
      const count = shown(await askMembers('/health/ready', { signal }), 'brokers');
      return `${count} ${count === '1' ? 'broker' : 'brokers'}`;
    },
  },
  {
    name: 'The brokers',
    look: async (signal) => elementsOf((await askMembers('/brokers', { signal })).get('brokers') ?? '[]').join(', '),
  },
  { name: 'You are let in', look: async (signal) => `Status ${(await ask(WHERE_CREDENTIALS_ARE_JUDGED, { signal })).status}` },
];

async function findingOf({ look }: Check, signal: AbortSignal): Promise<Finding> {
  try {
    return { found: await look(signal), isGood: true };
  } catch (error) {
    return { found: error instanceof Error ? error.message : String(error), isGood: false };
  }
}

/** Whether the gateway and Kafka answer. What answers shows at once, beside what does not: Kafka's absence takes half a minute to tell. */
export function Health() {
  const [findings, setFindings] = useState<ReadonlyMap<Check, Finding>>(new Map());
  const [times, setTimes] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    setFindings(new Map());
    for (const check of CHECKS) {
      findingOf(check, abort.signal).then(
        (finding) => abort.signal.aborted || setFindings((before) => new Map([...before, [check, finding]])),
      );
    }
    return () => abort.abort();
  }, [times]);
  return (
    <>
      <Title name="Health" />
      <div class="controls">
        <button type="button" onClick={() => setTimes((n) => n + 1)}>
          Look again
        </button>
      </div>
      <Table
        label="Health"
        rows={CHECKS.map((check) => ({ name: check.name, finding: findings.get(check) }))}
        keyOf={({ name }) => name}
        columns={[
          { title: 'Check', of: ({ name }) => name },
          { title: 'Result', of: ({ finding }) => (finding === undefined ? 'Looking …' : finding.isGood ? 'Good' : <strong>Bad</strong>) },
          { title: 'Found', of: ({ finding }) => finding !== undefined && <Foreign text={finding.found} /> },
        ]}
      />
    </>
  );
}
