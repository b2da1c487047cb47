import { useState } from 'preact/hooks';
import { useAttempt } from './attempt.ts';
import { askMembers, rowsOf, shown } from './client.ts';
import { textOf } from './exact-json.ts';
import { Choice, Field, Foreign, Problem, timeOf } from './parts.tsx';
import { partOf } from './record.tsx';
import { Table } from './table.tsx';
import { shortened } from './visible.ts';

type Held = ReadonlyMap<string, string>;

const FORMATS = [
  ['json', 'JSON'],
  ['text', 'Text'],
  ['binary', 'Base64'],
] as const;

const VERBS = [
  ['ack', 'Acknowledge'],
  ['release', 'Give back'],
  ['reject', 'Reject'],
] as const;

/** Receives records of a queue and settles them. Until then, or until their lock ends, nobody else gets them. */
export function Receive({ path, topics, done }: { path: string; topics: readonly string[]; done: () => void }) {
  const [names, setNames] = useState(topics.join(', '));
  const [format, setFormat] = useState('json');
  const [max, setMax] = useState('10');
  const [held, setHeld] = useState<readonly Held[]>([]);
  const [told, setTold] = useState('');
  const { attempt, error, isBusy } = useAttempt();

  const post = (verb: string, body: object): Promise<Map<string, string>> =>
    askMembers(`${path}/${verb}`, { method: 'POST', contentType: 'application/json', body: JSON.stringify(body) });
  const receive = (event: Event): void => {
    event.preventDefault();
    attempt(async () => {
      const wanted = names
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean);
      const answer = await post('receive', { topics: wanted, max: Number(max), wait: 10_000, format });
      const came = rowsOf(answer.get('records'));
      setHeld([...held, ...came]);
      setTold(came.length === 0 ? 'No records' : `${came.length} held until ${timeOf(answer.get('locked_until'))} UTC`);
      done();
    });
  };
  const settle = (verb: string, records: readonly Held[]): void =>
    attempt(async () => {
      setHeld(held.filter((one) => !records.includes(one)));
      const answer = await post(verb, { receipts: records.map((one) => shown(one, 'receipt')) });
      const failures = rowsOf(answer.get('results')).filter((one) => one.get('error_code') !== 'null');
      if (failures.length > 0) throw new Error(shown(failures[0], 'message'));
      setTold(`${records.length} settled`);
      done();
    });

  return (
    <section class="details" aria-label="Receive">
      <h2>Receive</h2>
      <form class="controls" onSubmit={receive}>
        <Field label="Topics, with commas">
          <input required value={names} onInput={({ currentTarget }) => setNames(currentTarget.value)} />
        </Field>
        <Field label="Records at most">
          <input required inputMode="numeric" pattern="\d+" value={max} onInput={({ currentTarget }) => setMax(currentTarget.value)} />
        </Field>
        <Choice label="Format" value={format} options={FORMATS} onChange={setFormat} />
        <button type="submit" disabled={isBusy}>
          Receive
        </button>
      </form>
      <p role="status">{told}</p>
      {error !== null && <Problem error={error} />}
      {held.length > 0 && (
        <>
          <div class="controls">
            {VERBS.map(([verb, name]) => (
              <button key={verb} type="button" disabled={isBusy} onClick={() => settle(verb, held)}>
                {name} all
              </button>
            ))}
          </div>
          <Table
            label="Held records"
            rows={held}
            keyOf={(one) => shown(one, 'receipt')}
            columns={[
              { title: 'Record', of: (one) => <Foreign text={shown(one, 'id')} /> },
              { title: 'Deliveries', of: (one) => shown(one, 'deliveries'), isNumber: true },
              { title: 'Key', of: (one) => <Part record={one} name="key" format={format} /> },
              { title: 'Value', of: (one) => <Part record={one} name="value" format={format} /> },
              {
                title: 'Settle',
                of: (one) =>
                  VERBS.map(([verb, name]) => (
                    <button
                      key={verb}
                      type="button"
                      class="small"
                      disabled={isBusy}
                      aria-label={`${name} ${textOf(one.get('id') ?? '')}`}
                      onClick={() => settle(verb, [one])}
                    >
                      {name}
                    </button>
                  )),
              },
            ]}
          />
        </>
      )}
    </section>
  );
}

const Part = ({ record, name, format }: { record: Held; name: 'key' | 'value'; format: string }) => (
  <code class="cut">
    <Foreign text={shortened(partOf(record, name, format), 2048)} />
  </code>
);
