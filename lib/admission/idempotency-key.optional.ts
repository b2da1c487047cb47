import { hash } from 'node:crypto';
import { ownerKey } from '../access/caller.ts';
import { Table } from '../aws/dynamodb.ts';
import { parseIdempotencyKey } from '../http/idempotency-key.ts';
import type { GatewayRequest } from '../http/request.ts';
import type { GatewayResponse } from '../http/response.ts';
import { DynamoDbEntries } from '../idempotency/dynamodb-entries.ts';
import { type Done, type OnceRequest, once } from '../idempotency/once.ts';

/** Performs an action at most once and returns its response; passes the action its deadline. */
export type Once = (act: (deadline: number) => Promise<Done>) => Promise<GatewayResponse>;

/** What else, besides parts of `GatewayRequest`, must be equal in two requests with one key. */
export interface Sameness {
  /** The query parameters that affect the action. */
  query: object;
  /** The body as sent, decoded. */
  body: Buffer;
  /** The prefix of request headers that describe a record. */
  headerPrefix: string;
}

/**
 * Performs the action for the first request with a key, and answers the others with its response. Each caller has its own keys.
 *
 * @throws {GatewayError} BadRequest for a malformed key
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

/** Covers all that determines the records of a request and how they are written. */
function fingerprintOf({ method, route, path, mediaType, headers }: GatewayRequest, { query, body, headerPrefix }: Sameness): Buffer {
  const recordHeaders = Object.keys(headers)
    .filter((name) => name.startsWith('ce-') || (name.startsWith(headerPrefix) && RECORD_HEADER.test(name.slice(headerPrefix.length))))
    .sort()
    .map((name) => [name, headers[name]]);
  return sha256(method, route, path, query, mediaType, recordHeaders, hash('sha256', body, 'base64'));
}

/** Request headers, without their prefix, that determine the record of a raw body. */
const RECORD_HEADER = /^(?:key|partition|topic|value-.*|header-.*)$/s;

const sha256 = (...parts: unknown[]): Buffer => hash('sha256', JSON.stringify(parts), 'buffer');
