import { users } from '../../../infra/local/properties.ts';
import { client } from '../kafka/token-issuer.ts';

/** Shorter texts occur by chance. */
const SHORTEST_CREDENTIAL = 6;
const SHORTEST_RECORD = 12;
/** Enough of a long text to find it. */
const LONGEST = 200;
/** The most contents to keep of one request's records. */
const MOST = 50;

/** Credentials of the Kafka that the tests share, and of its token issuer's clients. */
export const knownSecrets: readonly string[] = [...Object.values(users), client.secret];

/** The gateway's variables with credentials. */
const SECRET_VARIABLE = /PASSWORD|PASSPHRASE|CLIENT_SECRET|OAUTHBEARER_TOKEN$|SSL_KEY$/;

/** The values of an environment that must never appear. */
export const secretsOfEnvironment = (environment: Readonly<Record<string, string>>): string[] =>
  credentials(Object.entries(environment).flatMap(([name, value]) => (SECRET_VARIABLE.test(name) ? [value] : [])));

/** The values of a request's headers that must never appear: credentials, whole and in parts, and what becomes part of a record. */
export function secretsOfHeaders(headers: Readonly<Record<string, string>>): string[] {
  const { authorization = '', 'x-api-key': apiKey = '' } = headers;
  const [, scheme = '', value = ''] = /^(\S+) +(.*)$/s.exec(authorization) ?? [];
  const decoded = scheme.toLowerCase() === 'basic' ? Buffer.from(value, 'base64').toString() : '';
  const [, user, password = ''] = /^([^:]*):(.*)$/s.exec(decoded) ?? [];
  const ofRecord = Object.entries(headers).flatMap(([name, text]) => (/^kafka-(key|header-.*)$/s.test(name) ? [text] : []));
  return [...credentials([value, password === user ? '' : password, apiKey]), ...contents(ofRecord)];
}

/** The keys, values and header values of the records in a body, and their base64; a body without records is itself a value. */
export function secretsOfRecords(body: string): string[] {
  const found: string[] = [];
  collect(parsed(body), found);
  return contents(found.length > 0 ? found : [body]);
}

function collect(json: unknown, found: string[]): void {
  const records: unknown = typeof json === 'object' && json !== null && 'records' in json ? json.records : null;
  for (const record of Array.isArray(records) ? records.slice(0, MOST) : []) {
    const { topic, key, value, headers }: { topic?: unknown; key?: unknown; value?: unknown; headers?: unknown } = Object(record);
    // Tests about topics use the topic's name as the value.
    if (value === topic) continue;
    for (const content of [key, value, ...headerValues(headers)]) {
      const text = textOf(content);
      found.push(text, Buffer.from(text, 'base64').toString());
    }
  }
}

const headerValues = (headers: unknown): unknown[] =>
  Array.isArray(headers)
    ? headers.map((header: unknown) => (typeof header === 'object' && header !== null ? Reflect.get(header, 'value') : null))
    : [];

function textOf(content: unknown): string {
  try {
    return typeof content === 'string' ? content : (JSON.stringify(content) ?? '');
  } catch {
    // JSON nested too deep for the stack has no recognizable content.
    return '';
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

const credentials = (texts: string[]): string[] => texts.filter((text) => text.length >= SHORTEST_CREDENTIAL);
const contents = (texts: string[]): string[] =>
  texts.filter((text) => text.length >= SHORTEST_RECORD && !text.includes('\ufffd')).map((text) => text.slice(0, LONGEST));
