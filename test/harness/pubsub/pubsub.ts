import assert from 'node:assert/strict';
import { call, type RequestParts } from '../http/gateway.ts';
import { decodeByStock, encodeByStock, joinByStock, type Plain, splitByStock } from './stock-runtime.ts';

const PROTOBUF = 'application/x-protobuf';
const DELIMITED = `${PROTOBUF}; encoding=delimited`;

/** A response of the gateway, decoded by a runtime that only knows the .proto file. */
export interface Told {
  sequence?: string;
  errorResp?: ToldError;
  pongResp?: { state?: string };
  kafkaListOffsetResp?: { offset?: string; timestamp?: string };
  kafkaFetchResp?: { messages?: ToldMessage[]; nextOffset?: string; highWatermark?: string; logStartOffset?: string };
  kafkaProduceResp?: { results?: { partition?: number; offset?: string; timestamp?: string; error?: ToldError }[] };
}

export interface ToldError {
  code: number;
  message?: string;
  detail?: string;
  retryAfterMs?: number;
  nextOffset?: string;
  maybeWritten?: boolean;
}

export interface ToldMessage {
  offset?: string;
  timestamp?: string;
  key?: string;
  value?: string;
  headers?: { key?: string; value?: string }[];
}

export const offsetsOf = (messages: readonly ToldMessage[] = []): number[] => messages.map(({ offset = '0' }) => Number(offset));

/** Posts one command. */
export async function command(request: Plain, parts: Omit<RequestParts, 'body'> = {}): Promise<Told> {
  const { status, headers, text } = await call('POST', '/pubsub', {
    ...parts,
    headers: { 'content-type': PROTOBUF, ...parts.headers },
    body: encodeByStock(request),
  });
  assert.deepEqual([status, headers['content-type']], [200, PROTOBUF], text);
  return decodeByStock(Buffer.from(text, 'base64'));
}

/** Posts several commands in one request; the sequence of each is its index. */
export async function commands(requests: readonly Plain[], parts: Omit<RequestParts, 'body'> = {}): Promise<Told[]> {
  const { status, headers, text } = await call('POST', '/pubsub', {
    ...parts,
    headers: { 'content-type': DELIMITED, ...parts.headers },
    body: joinByStock(requests.map((request, sequence) => ({ ...request, sequence }))),
  });
  assert.deepEqual([status, headers['content-type']], [200, DELIMITED], text);
  return splitByStock(Buffer.from(text, 'base64'));
}
