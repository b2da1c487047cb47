import { type Answer, call, type RequestParts } from './gateway.ts';

/** The part of a resource that tests use to follow links. */
export interface Resource {
  kind: string;
  metadata: { self: string; resource_name: string };
  cluster_id: string;
  [member: string]: unknown;
}

export interface ResourceList {
  kind: string;
  metadata: { self: string; next: null };
  data: Resource[];
}

/** The result of one record. */
export interface Line {
  error_code: number;
  message?: string;
  partition_id?: number;
  offset?: number;
  timestamp?: string;
  key?: { type: string; size: number };
  value?: { type: string; size: number };
}

/** The id of the cluster, as a client would find it. */
export async function clusterId(): Promise<string> {
  const { json } = await call<ResourceList>('GET', '/v3/clusters');
  return json.data[0].cluster_id;
}

/** Posts concatenated records, each given as JSON text or as a value to serialize. */
export async function stream(topic: string, records: (object | string)[], parts: Omit<RequestParts, 'body'> = {}): Promise<Answer> {
  const body = records.map((record) => (typeof record === 'string' ? record : JSON.stringify(record))).join('\n');
  return postJson(`/v3/clusters/${await clusterId()}/topics/${topic}/records`, body, parts);
}

export const postJson = <Body = unknown>(path: string, body: unknown, parts: Omit<RequestParts, 'body'> = {}): Promise<Answer<Body>> =>
  call<Body>('POST', path, {
    ...parts,
    headers: { 'content-type': 'application/json', ...parts.headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

/** The parsed lines of a response. */
export const linesOf = ({ text }: Answer): Line[] =>
  text
    .split('\r\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
