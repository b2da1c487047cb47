import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';

const source = readFileSync(join(import.meta.dirname, '../../../lib/pubsub/pubsub.proto'), 'utf8');
const { root } = protobuf.parse(source);
const types = { request: root.lookupType('PubSubReq'), response: root.lookupType('PubSubResp') };

/** What a message is in proto3's JSON, so far as the runtime writes that: 64 bits as strings, bytes in base64. */
export type Plain = Record<string, unknown>;

const options = { longs: String, bytes: String, enums: String };

/** A client's message, by a runtime that knows nothing but the .proto file. */
export const encodeByStock = (request: Plain): Buffer<ArrayBuffer> =>
  Buffer.from(types.request.encode(types.request.fromObject(request)).finish());

/** A request as the runtime understands it. */
export const decodeRequestByStock = (bytes: Uint8Array): Plain => types.request.toObject(types.request.decode(bytes), options);

/** A response as the runtime understands it; a field that the bytes do not have is not there. */
export const decodeByStock = (bytes: Uint8Array): Plain => types.response.toObject(types.response.decode(bytes), options);

/** The same of proto3's JSON, by way of bytes. */
export const responseByStock = (json: Plain): Plain => decodeByStock(types.response.encode(types.response.fromObject(json)).finish());

/** Cuts a stream of responses, each with its length in front. */
export function splitByStock(bytes: Uint8Array): Plain[] {
  const reader = protobuf.Reader.create(bytes);
  const responses: Plain[] = [];
  while (reader.pos < reader.len) responses.push(types.response.toObject(types.response.decodeDelimited(reader), options));
  return responses;
}

/** A stream of requests, each with its length in front. */
export const joinByStock = (requests: readonly Plain[]): Buffer =>
  Buffer.concat(requests.map((request) => types.request.encodeDelimited(types.request.fromObject(request)).finish()));
