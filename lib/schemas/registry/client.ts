import { request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import type { CredentialSource } from '../../credentials/credential-source.ts';
import { type JsonMembers, jsonMembers } from '../../json/json-members.ts';
import { nameNotInAddress, registryRefuses, registryUnavailable } from '../../messages/schemas.ts';
import { authorizationOf, type RegistryCredentials } from './credentials.ts';

/** A registry's response; neither "not available" nor "unauthorized", which are errors. */
export interface RegistryAnswer {
  status: number;
  /** Empty when the response is not a JSON object. */
  body: JsonMembers;
}

export interface RegistrySettings {
  urls: readonly string[];
  ca: string | null;
  credentials: CredentialSource<RegistryCredentials | null>;
}

/** The longest wait for one URL, in total. */
const ATTEMPT_MS = 4000;
/** Schemas have kilobytes. */
const MAX_BYTES = 8 * 1024 * 1024;
/** The longest name of a subject: room for a topic's name and a type's. */
const MAX_NAME = 1000;
/** The registry refuses the credentials. 403 is different: it knows the gateway, but refuses the request. */
const REFUSED = 401;
const MEDIA_TYPE = 'application/vnd.schemaregistry.v1+json';

/** Speaks the REST API of Confluent's Schema Registry, which Apicurio, Karapace and Redpanda also serve. */
export class RegistryClient {
  readonly #settings: RegistrySettings;
  /** The place of the address that answered last: one that is silent takes its time once, and not with each request. */
  #answering = 0;

  constructor(settings: RegistrySettings) {
    this.#settings = settings;
  }

  /**
   * Sends a request; every request of this API can be retried.
   *
   * @param path its segments, not yet encoded
   * @throws {GatewayError} InvalidRecord for a segment that a URL cannot contain; RegistryUnavailable, RegistryAuthentication;
   * CredentialsUnavailable when there are no credentials at hand
   */
  async send(method: 'GET' | 'POST', path: readonly (string | number)[], body?: object): Promise<RegistryAnswer> {
    const { credentials } = this.#settings;
    const address = path.map((part) => encoded(String(part))).join('/');
    const used = await credentials.current();
    let answer = await this.#sendAs(used, method, address, body);
    if (answer.status === REFUSED && used !== null && (await credentials.renew(used))) {
      answer = await this.#sendAs(await credentials.current(), method, address, body);
    }
    if (answer.status !== REFUSED) return answer;
    throw registryRefuses.with({ cause: new Error(`${method} /${address} was answered with ${REFUSED}`) });
  }

  async #sendAs(
    credentials: RegistryCredentials | null,
    method: string,
    address: string,
    body: object | undefined,
  ): Promise<RegistryAnswer> {
    const { urls, ca } = this.#settings;
    const causes: unknown[] = [];
    for (let tried = 0, at = this.#answering; tried < urls.length; tried++, at = (at + 1) % urls.length) {
      const target = `${urls[at].replace(/\/+$/, '')}/${address}`;
      try {
        const answer = await exchange(target, {
          method,
          body,
          ca,
          authorization: credentials === null ? null : authorizationOf(credentials),
        });
        if (answer.status < 500 && answer.status !== 408 && answer.status !== 429 && (answer.status < 300 || answer.status >= 400)) {
          this.#answering = at;
          return answer;
        }
        causes.push(new Error(`the schema registry answered ${answer.status}`));
      } catch (cause) {
        causes.push(cause);
      }
    }
    throw registryUnavailable.with({
      cause: new Error('no address of the schema registry answered as it should', {
        cause: causes.length === 1 ? causes[0] : new AggregateError(causes),
      }),
    });
  }
}

/**
 * Encodes a name as one segment of a URL. One or two dots are relative segments in any encoding, an empty segment is ambiguous, half a
 * surrogate pair has no encoding, and servers refuse long URLs.
 */
function encoded(name: string): string {
  if (/^\.{0,2}$/.test(name) || !name.isWellFormed() || name.length > MAX_NAME) throw nameNotInAddress(name, MAX_NAME);
  return encodeURIComponent(name);
}

interface Exchange {
  method: string;
  body: object | undefined;
  ca: string | null;
  authorization: string | null;
}

/**
 * Opens a connection for each exchange: warm processes rarely need the registry, and an idle connection would break while Lambda freezes
 * the process.
 */
function exchange(url: string, { method, body, ca, authorization }: Exchange): Promise<RegistryAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<RegistryAnswer>();
  const content = body === undefined ? null : Buffer.from(JSON.stringify(body));
  const send = url.startsWith('https:') ? overHttps : overHttp;
  const request = send(
    url,
    {
      ...{ method, agent: false, signal: AbortSignal.timeout(ATTEMPT_MS) },
      ...(ca !== null && { ca }),
      headers: {
        accept: `${MEDIA_TYPE}, application/json`,
        ...(content !== null && { 'content-type': MEDIA_TYPE, 'content-length': content.length }),
        ...(authorization !== null && { authorization }),
      },
    },
    (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        chunks.push(chunk);
        if (length > MAX_BYTES) request.destroy(new Error(`the schema registry's answer is larger than ${MAX_BYTES} bytes`));
      });
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body: jsonMembers(Buffer.concat(chunks).toString()) ?? {} }));
    },
  );
  request.once('error', reject);
  request.end(content ?? undefined);
  return promise;
}
