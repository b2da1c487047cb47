import { useState } from 'preact/hooks';
import { useAttempt } from './attempt.ts';
import { askText, rowsOf, shown } from './client.ts';
import { Copied } from './copied.tsx';
import { asCurl } from './curl.ts';
import { membersOf } from './exact-json.ts';
import { Choice, Field, Problem } from './parts.tsx';
import { hasSchema, type SchemaChoice, SchemaField, schemaMember } from './schema.tsx';
import { credentialsHeader } from './session.ts';
import { urlOf } from './settings.ts';
import { utf8Base64 } from './utf8-base64.ts';

const KEY_FORMATS = [
  ['json', 'JSON'],
  ['text', 'Text'],
  ['binary', 'Base64'],
] as const;

const FORMATS = [...KEY_FORMATS, ['avro', 'Avro'], ['jsonschema', 'JSON Schema'], ['protobuf', 'Protobuf']] as const;

interface Draft {
  format: string;
  keyFormat: string;
  key: string;
  value: string;
  isTombstone: boolean;
  partition: string;
  headers: string;
  schema: SchemaChoice;
}

/** A text in a format's JSON form; JSON stays as typed, so that no digit is lost. */
function written(format: string, text: string, part: string): string {
  if (format === 'text' || format === 'binary') return JSON.stringify(text);
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new Error(`The ${part} is not JSON: choose another format, or write a string in quotes`, { cause });
  }
  return text;
}

/** The request body for a draft. */
function bodyOf({ format, keyFormat, key, value, isTombstone, partition, headers, schema }: Draft, topic: string): string {
  const members = [
    ...(key === '' ? [] : [`"key":${written(keyFormat, key, 'key')}`]),
    `"value":${isTombstone ? 'null' : written(format, value, 'value')}`,
    ...(partition === '' ? [] : [`"partition":${Number(partition)}`]),
    ...(headers.trim() === '' ? [] : [`"headers":${JSON.stringify(headersIn(headers))}`]),
  ];
  const named = hasSchema(format) ? `${schemaMember(schema, topic)},` : '';
  return `{${named}"key_format":${JSON.stringify(keyFormat)},"records":[{${members.join()}}]}`;
}

/** Parses one header per line: name, colon, value. */
function headersIn(lines: string): { key: string; value: string }[] {
  return lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name, value] = line.split(/:(.*)/s);
      if (value === undefined) throw new Error('A header needs a name and a value with a colon between them');
      return { key: name.trim(), value: utf8Base64(value.trim()) };
    });
}

/** A form to write one record. */
export function Produce({ topic }: { topic: string }) {
  const [draft, setDraft] = useState<Draft>({
    format: 'json',
    keyFormat: 'text',
    key: '',
    value: '',
    isTombstone: false,
    partition: '',
    headers: '',
    schema: { by: 'subject', text: '' },
  });
  const [answer, setAnswer] = useState('');
  const { attempt, error, isBusy } = useAttempt();
  const change = (changes: Partial<Draft>) => setDraft({ ...draft, ...changes });

  const contentType = `application/vnd.kafka.${draft.format}.v2+json`;
  const path = `/topics/${encodeURIComponent(topic)}`;
  const submit = (event: Event): void => {
    event.preventDefault();
    setAnswer('');
    attempt(async () => {
      const text = await askText(path, { method: 'POST', contentType, body: bodyOf(draft, topic) });
      const [result] = rowsOf(membersOf(text).get('offsets'));
      const failure = shown(result, 'error');
      setAnswer(
        failure === '–'
          ? `Written to partition ${shown(result, 'partition')} at offset ${shown(result, 'offset')}`
          : `Not written: ${failure}`,
      );
    });
  };

  return (
    <form class="stacked" onSubmit={submit}>
      <div class="controls">
        <Choice label="Format of the value" value={draft.format} options={FORMATS} onChange={(format) => change({ format })} />
        <Choice label="Format of the key" value={draft.keyFormat} options={KEY_FORMATS} onChange={(keyFormat) => change({ keyFormat })} />
        <Field label="Partition, if not by key">
          <input
            inputMode="numeric"
            pattern="\d*"
            value={draft.partition}
            onInput={({ currentTarget }) => change({ partition: currentTarget.value })}
          />
        </Field>
      </div>
      {hasSchema(draft.format) && <SchemaField topic={topic} choice={draft.schema} onChange={(schema) => change({ schema })} />}
      <Field label="Key, if any">
        <input value={draft.key} onInput={({ currentTarget }) => change({ key: currentTarget.value })} />
      </Field>
      <Field label="Record value">
        <textarea
          rows={8}
          disabled={draft.isTombstone}
          value={draft.value}
          onInput={({ currentTarget }) => change({ value: currentTarget.value })}
        />
      </Field>
      <label>
        <input
          type="checkbox"
          checked={draft.isTombstone}
          onChange={({ currentTarget }) => change({ isTombstone: currentTarget.checked })}
        />{' '}
        No value: a tombstone
      </label>
      <Field label="Headers, one a line: name: value">
        <textarea rows={2} value={draft.headers} onInput={({ currentTarget }) => change({ headers: currentTarget.value })} />
      </Field>
      <div>
        <button type="submit" class="first" disabled={isBusy}>
          Produce
        </button>{' '}
        <Copied button="Copy as curl" text={() => asCurl(urlOf(path), credentialsHeader(), { contentType, body: bodyOf(draft, topic) })} />
      </div>
      <p role="status">{answer}</p>
      {error !== null && <Problem error={error} />}
    </form>
  );
}
