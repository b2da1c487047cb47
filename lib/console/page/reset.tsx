import { useState } from 'preact/hooks';
import { useAttempt } from './attempt.ts';
import { ask, askText, rowsOf, shown } from './client.ts';
import { Confirmed } from './confirmed.tsx';
import { Choice, Field, Foreign, Problem } from './parts.tsx';
import { Table } from './table.tsx';

type Row = ReadonlyMap<string, string>;

/** What a reset does to a partition. */
interface Move {
  topic: string;
  partition: string;
  from: string;
  to: string;
}

const TARGETS = [
  ['earliest', 'The beginning'],
  ['latest', 'The end'],
  ['time', 'A time'],
] as const;

/** Where each partition of a group would go; changes nothing. */
async function preview(offsets: readonly Row[], target: string, time: string): Promise<Move[]> {
  const topics = [...new Set(offsets.map((one) => shown(one, 'topic')))];
  const places = new Map<string, string>();
  for (const topic of topics) {
    const query = target === 'time' ? `?${new URLSearchParams({ timestamp: time })}` : '';
    const bounds = rowsOf(await askText(`/topics/${encodeURIComponent(topic)}/offsets`));
    const found = query === '' ? bounds : rowsOf(await askText(`/topics/${encodeURIComponent(topic)}/offsets${query}`));
    for (const [index, row] of found.entries()) {
      const offset = target === 'earliest' ? row.get('beginning_offset') : target === 'latest' ? row.get('end_offset') : row.get('offset');
      // No record is that late: the partition goes to its end.
      places.set(`${topic} ${row.get('partition')}`, offset === '-1' ? (bounds[index].get('end_offset') ?? '') : (offset ?? ''));
    }
  }
  return offsets.map((one) => {
    const [topic, partition] = [shown(one, 'topic'), shown(one, 'partition')];
    return { topic, partition, from: shown(one, 'offset'), to: places.get(`${topic} ${partition}`) ?? shown(one, 'offset') };
  });
}

const bodyOf = (moves: readonly Move[]): string =>
  `{"offsets":[${moves.map(({ topic, partition, to }) => `{"topic":${JSON.stringify(topic)},"partition":${partition},"offset":${to}}`).join()}]}`;

/** Moves a group without members: shows a preview first, then asks the user to type the name of the group. */
export function Reset({ group, offsets, done }: { group: string; offsets: readonly Row[]; done: () => void }) {
  const [target, setTarget] = useState('earliest');
  const [time, setTime] = useState('');
  const [moves, setMoves] = useState<Move[] | null>(null);
  const { attempt, error } = useAttempt();

  const show = (event: Event): void => {
    event.preventDefault();
    attempt(async () => setMoves(await preview(offsets, target, time)));
  };
  const reset = async (): Promise<void> => {
    await ask(`/groups/${encodeURIComponent(group)}/offsets`, {
      method: 'PUT',
      contentType: 'application/json',
      body: bodyOf(moves ?? []),
    });
    setMoves(null);
    done();
  };

  return (
    <section class="details" aria-label="Reset">
      <h2>Reset</h2>
      <form class="controls" onSubmit={show}>
        <Choice
          label="To"
          value={target}
          options={TARGETS}
          onChange={(chosen) => {
            setTarget(chosen);
            setMoves(null);
          }}
        />
        {target === 'time' && (
          <Field label="Time, such as 2026-01-31T12:00:00Z">
            <input required value={time} onInput={({ currentTarget }) => setTime(currentTarget.value)} />
          </Field>
        )}
        <button type="submit">Preview</button>
      </form>
      {moves !== null && (
        <>
          <Table
            label="Preview"
            rows={moves}
            keyOf={({ topic, partition }) => `${topic} ${partition}`}
            columns={[
              { title: 'Topic', of: ({ topic }) => <Foreign text={topic} /> },
              { title: 'Partition', of: ({ partition }) => partition, isNumber: true },
              { title: 'Now', of: ({ from }) => from, isNumber: true },
              { title: 'Then', of: ({ to }) => to, isNumber: true },
            ]}
          />
          <Confirmed button="Reset the group" kind="group" name={group} act={reset} />
        </>
      )}
      {error !== null && <Problem error={error} />}
    </section>
  );
}
