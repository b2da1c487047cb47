import { hash } from 'node:crypto';
import { ownerKey } from '../access/caller.ts';
import { Table } from '../aws/dynamodb.ts';
import { parseIdempotencyKey } from '../http/idempotency-key.ts';
import type { GatewayRequest } from '../http/request.ts';
import type { GatewayResponse } from '../http/response.ts';
import { DynamoDbEntries } from '../idempotency/dynamodb-entries.ts';
import { type Done, type OnceRequest, once } from '../idempotency/once.ts';

/** Answers a request by what is to be done, which gets the deadline that it has to keep. */
export type Once = (act: (deadline: number) => Promise<Done>) => Promise<GatewayResponse>;

/** The parts, besides those of `GatewayRequest`, in which two requests with one key must agree. */
export interface Sameness {
  /** The parameters of the query that matter to what is done. */
  query: object;
  /** The body as it was sent, decoded. */
  body: Buffer;
  /** The prefix of request headers that describe a record. */
  headerPrefix: string;
}

/**
 * Answers a request once for all with its key, and the others by that answer. Each caller has keys of its own.
 *
 * @throws {GatewayError} BadRequest for a key that is none
 */
export function onceForKey(
  key: string,
  request: GatewayRequest,
  sameness: Sameness,
  { lifetimeMs, table }: { lifetimeMs: number; table: string },
): Once {
  const id = sha256(ownerKey(request), parseIdempotencyKey(key)).toString('base64url');
  const onceRequest: OnceRequest = { id, fingerprint: fingerprintOf(request, sameness), lifetimeMs, deadline: request.deadline };
  return async (act) => {
    const { answer, replayed } = await once(new DynamoDbEntries(new Table(table)), onceRequest, act);
    return replayed ? { ...answer, headers: { 'idempotency-replayed': 'true' } } : answer;
  };
}

/** All that the records of a request, and the way to write them, come from. */
function fingerprintOf({ method, route, path, mediaType, headers }: GatewayRequest, { query, body, headerPrefix }: Sameness): Buffer {
  const recordHeaders = Object.keys(headers)
    .filter((name) => name.startsWith('ce-') || (name.startsWith(headerPrefix) && RECORD_HEADER.test(name.slice(headerPrefix.length))))
    .sort()
    .map((name) => [name, headers[name]]);
  return sha256(method, route, path, query, mediaType, recordHeaders, hash('sha256', body, 'base64'));
}

/** Request headers, behind their prefix, that a raw body's record comes from. */
const RECORD_HEADER = /^(?:key|partition|topic|value-.*|header-.*)$/s;

const sha256 = (...parts: unknown[]): Buffer => hash('sha256', JSON.stringify(parts), 'buffer');
