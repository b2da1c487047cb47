import { useEffect, useRef } from 'preact/hooks';
import { type Address, withParameters } from './address.ts';
import { rowsOf, shown } from './client.ts';
import { membersOf, pretty, textOf } from './exact-json.ts';
import { Foreign, LongText, timeOf } from './parts.tsx';
import { placeOf, type Reading, type ShownRecord } from './records.ts';
import { Table } from './table.tsx';
import { shortened } from './visible.ts';

const IN_A_LIST = 2048;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Bytes as UTF-8 text; unchanged base64 if they are not UTF-8. */
function bytesAsText(base64: string): string {
  try {
    return utf8.decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
  } catch {
    return base64;
  }
}

/** A key or value as text: JSON as received; its bytes if the format could not show it. */
export function partOf(record: ShownRecord, name: 'key' | 'value', format: string): string {
  const raw = record.get(`raw_${name}`);
  if (raw !== undefined && raw !== 'null') return bytesAsText(textOf(raw));
  const json = record.get(name) ?? 'null';
  return format === 'text' ? textOf(json) : json;
}

/** The id of the schema that a key or value begins with, as serializers for a registry write it; null if the format could show it, or there is none. */
function schemaIdOf(record: ShownRecord, name: 'key' | 'value'): number | null {
  const raw = record.get(`raw_${name}`);
  if (raw === undefined || raw === 'null') return null;
  const [magic, ...id] = [...atob(textOf(raw).slice(0, 8))].slice(0, 5).map((character) => character.charCodeAt(0));
  return magic === 0 && id.length === 4 ? id.reduce((sum, byte) => sum * 256 + byte, 0) : null;
}

/** A list of records; each can be opened. */
export function RecordTable({ records, reading, address }: { records: readonly ShownRecord[]; reading: Reading; address: Address }) {
  return (
    <Table
      label="Records"
      rows={records}
      keyOf={placeOf}
      columns={[
        {
          title: 'Offset',
          isNumber: true,
          of: (record) => <a href={withParameters(address, { open: placeOf(record) })}>{shown(record, 'offset')}</a>,
        },
        { title: 'Partition', isNumber: true, of: (record) => shown(record, 'partition') },
        { title: 'Time (UTC)', of: (record) => timeOf(record.get('timestamp')) },
        {
          title: 'Key',
          of: (record) => <code class="cut">{<Foreign text={shortened(partOf(record, 'key', reading.keyFormat), IN_A_LIST)} />}</code>,
        },
        {
          title: 'Value',
          of: (record) => <code class="cut wide">{<Foreign text={shortened(partOf(record, 'value', reading.format), IN_A_LIST)} />}</code>,
        },
      ]}
    />
  );
}

/** All of a record. */
export function RecordDetails({ record, reading, close }: { record: ShownRecord; reading: Reading; close: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const place = placeOf(record);
  useEffect(() => {
    const before = document.activeElement;
    heading.current?.focus();
    // After closing, the focus returns to where the record was opened.
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [place]);
  const error = record.get('error');
  const framed = (['key', 'value'] as const).flatMap((name) => {
    const id = schemaIdOf(record, name);
    return id === null
      ? []
      : [`The ${name} begins as one with schema ${id} of a registry does: choose Avro, JSON Schema or Protobuf to read it.`];
  });
  return (
    <section class="details" aria-label="Record">
      <h2 ref={heading} tabIndex={-1}>
        Partition {shown(record, 'partition')}, offset {shown(record, 'offset')}
      </h2>
      <p class="faint">
        {timeOf(record.get('timestamp'))} UTC <a href={close}>Close</a>
      </p>
      {error !== undefined && (
        <p class="problem">
          <Foreign text={shown(membersOf(error), 'message')} />
        </p>
      )}
      {framed.map((hint) => (
        <p key={hint}>{hint}</p>
      ))}
      <h3>Key</h3>
      <LongText label="Key" text={wholeOf(record, 'key', reading.keyFormat)} />
      <h3>Value</h3>
      <LongText label="Value" text={wholeOf(record, 'value', reading.format)} />
      <h3>Headers</h3>
      <Headers record={record} />
    </section>
  );
}

/** A part in readable form: JSON on several lines, text as it is. */
function wholeOf(record: ShownRecord, name: 'key' | 'value', format: string): string {
  const text = partOf(record, name, format);
  return isJson(text) ? pretty(text) : text;
}

function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function Headers({ record }: { record: ShownRecord }) {
  const headers = rowsOf(record.get('headers'));
  if (headers.length === 0) return <p>None</p>;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Header</th>
          <th scope="col">Value</th>
        </tr>
      </thead>
      <tbody>
        {headers.map((header, index) => (
          <tr key={`${index} ${header.get('key')}`}>
            <th scope="row">
              <Foreign text={shown(header, 'key')} />
            </th>
            <td>
              <Foreign text={header.get('value') === 'null' ? 'null' : bytesAsText(shown(header, 'value'))} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
