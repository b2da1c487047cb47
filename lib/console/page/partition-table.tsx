import { addressOf } from './address.ts';
import { shown } from './client.ts';
import { Foreign } from './parts.tsx';
import { Table } from './table.tsx';

type Row = ReadonlyMap<string, string>;

/** A table of partitions: topic, number, and further numbers, each by its title and the member of the row that holds it. */
export const PartitionTable = ({
  label,
  rows,
  numbers,
}: {
  label: string;
  rows: readonly Row[];
  numbers: readonly (readonly [title: string, member: string])[];
}) => (
  <Table
    label={label}
    rows={rows}
    keyOf={(one) => `${one.get('topic')} ${one.get('partition')}`}
    columns={[
      {
        title: 'Topic',
        of: (one) => (
          <a href={addressOf(['topics', shown(one, 'topic')])}>
            <Foreign text={shown(one, 'topic')} />
          </a>
        ),
      },
      ...[['Partition', 'partition'] as const, ...numbers].map(([title, member]) => ({
        title,
        of: (one: Row) => shown(one, member),
        isNumber: true,
      })),
    ]}
  />
);
