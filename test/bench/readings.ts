/** `count` readings of sensors as JSON: 100 bytes each, no two alike. */
export const readings = (count: number): string[] => Array.from({ length: count }, (_, i) => reading(i));

const reading = (i: number): string =>
  `{"sensor":"sensor-${String(i).padStart(9, '0')}","celsius":${10 + (i % 90)}.5,"at":"2026-01-01T00:00:00.000Z","unit":"room","ok":true}`;

/** How values stand in the body of a produce request, by format. */
const encodings = {
  json: (value: string) => value,
  binary: (value: string) => JSON.stringify(Buffer.from(value).toString('base64')),
  text: (value: string) => JSON.stringify(value),
  avro: (value: string) => value,
};

const types = { sensor: 'string', celsius: 'double', at: 'string', unit: 'string', ok: 'boolean' };

/** The schema of readings in Avro. */
const schema = JSON.stringify({
  type: 'record',
  name: 'Reading',
  fields: Object.entries(types).map(([name, type]) => ({ name, type })),
});

export type Format = keyof typeof encodings;

/** The body of a produce request for these values. */
export const produceBody = (format: Format, values: readonly string[]): string =>
  `{${format === 'avro' ? `"value_schema":${JSON.stringify(schema)},` : ''}"records":[${values.map((value) => `{"value":${encodings[format](value)}}`).join()}]}`;
