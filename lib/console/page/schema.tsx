import { Choice, Field } from './parts.tsx';

/** How a draft selects the schema of its value. */
export interface SchemaChoice {
  by: string;
  text: string;
}

const WAYS = [
  ['subject', 'Latest of a subject'],
  ['id', 'Its id'],
  ['schema', 'Its text'],
] as const;

const LABELS: Readonly<Record<string, string>> = { subject: 'Subject', id: 'Id of the schema', schema: 'Text of the schema' };

/** Whether a format needs a schema of the registry. */
export const hasSchema = (format: string): boolean => ['avro', 'jsonschema', 'protobuf'].includes(format);

/** The body member that selects the schema. */
export function schemaMember({ by, text }: SchemaChoice, topic: string): string {
  if (by === 'id') {
    if (!/^\d{1,10}$/.test(text)) throw new Error('The id of a schema is a number');
    return `"value_schema_id":${text}`;
  }
  if (by === 'schema') return `"value_schema":${JSON.stringify(text)}`;
  return `"value_subject":${JSON.stringify(text === '' ? `${topic}-value` : text)}`;
}

/** Selects the schema of a value: one of the registry, or one to register. */
export const SchemaField = ({
  topic,
  choice,
  onChange,
}: {
  topic: string;
  choice: SchemaChoice;
  onChange: (choice: SchemaChoice) => void;
}) => (
  <>
    <Choice label="Schema" value={choice.by} options={WAYS} onChange={(by) => onChange({ by, text: '' })} />
    <Field label={LABELS[choice.by]}>
      {choice.by === 'schema' ? (
        <textarea
          rows={6}
          required
          value={choice.text}
          onInput={({ currentTarget }) => onChange({ ...choice, text: currentTarget.value })}
        />
      ) : (
        <input
          required={choice.by === 'id'}
          placeholder={choice.by === 'subject' ? `${topic}-value` : ''}
          value={choice.text}
          onInput={({ currentTarget }) => onChange({ ...choice, text: currentTarget.value })}
        />
      )}
    </Field>
  </>
);
