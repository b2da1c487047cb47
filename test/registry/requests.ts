import assert from 'node:assert/strict';
import { type Answer, call } from '../harness/http/gateway.ts';
import type { FetchedRecord, ProduceResult } from '../harness/http/requests.ts';
import { sharedRegistry } from '../harness/schema-registry/shared-registry.ts';

export type SchemaFormat = 'avro' | 'jsonschema' | 'protobuf';

interface Produced {
  offsets: ProduceResult[];
  key_schema_id: number | null;
  value_schema_id: number | null;
  error_code: number;
  message: string;
}

const mediaType = (format: string) => `application/vnd.kafka.${format}.v2+json`;

/** Posts a body in a format. */
export const post = (path: string, format: string, body: unknown): Promise<Answer<Produced>> =>
  call('POST', path, { headers: { 'content-type': mediaType(format) }, body: typeof body === 'string' ? body : JSON.stringify(body) });

/** Produces, and makes sure that all records are written. */
export async function produce(topic: string, format: string, body: object): Promise<Produced> {
  const { status, json, text } = await post(`/topics/${topic}`, format, body);
  assert.equal(status, 200, text);
  for (const { error } of json.offsets) assert.equal(error, null);
  return json;
}

/** Reads partition 0 from its beginning. */
export async function read(topic: string, format: string, query: Record<string, string> = {}): Promise<FetchedRecord[]> {
  const answer = await call<FetchedRecord[]>('GET', `/topics/${topic}/partitions/0/records`, {
    query: { offset: 'earliest', ...query },
    headers: { accept: mediaType(format) },
  });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.headers['content-type'], mediaType(format));
  return answer.json;
}

/** Asks the registry itself. */
export async function askRegistry(method: 'GET' | 'POST' | 'PUT', path: string, body?: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${sharedRegistry()}${path}`, {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  assert.equal(response.status, 200, `${method} ${path}`);
  const answer: unknown = await response.json();
  return typeof answer === 'object' && answer !== null ? { ...answer } : {};
}

/** Registers a schema under a subject; its id. */
export async function register(subject: string, schemaType: 'AVRO' | 'JSON' | 'PROTOBUF', schema: string | object, references?: object[]) {
  const text = typeof schema === 'string' ? schema : JSON.stringify(schema);
  const { id } = await askRegistry('POST', `/subjects/${encodeURIComponent(subject)}/versions`, {
    ...{ schema: text, schemaType },
    ...(references !== undefined && { references }),
  });
  assert.ok(typeof id === 'number');
  return id;
}
