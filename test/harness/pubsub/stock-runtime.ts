import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';

const source = readFileSync(join(import.meta.dirname, '../../../lib/pubsub/pubsub.proto'), 'utf8');
const { root } = protobuf.parse(source);
const types = { request: root.lookupType('PubSubReq'), response: root.lookupType('PubSubResp') };

/** A message in proto3's JSON, as the runtime writes it: 64-bit numbers as strings, bytes in base64. */
export type Plain = Record<string, unknown>;

const options = { longs: String, bytes: String, enums: String };

/** Encodes a client's message with a runtime that only knows the .proto file. */
export const encodeByStock = (request: Plain): Buffer<ArrayBuffer> =>
  Buffer.from(types.request.encode(types.request.fromObject(request)).finish());

/** A request, decoded by the runtime. */
export const decodeRequestByStock = (bytes: Uint8Array): Plain => types.request.toObject(types.request.decode(bytes), options);

/** A response, decoded by the runtime, without absent fields. */
export const decodeByStock = (bytes: Uint8Array): Plain => types.response.toObject(types.response.decode(bytes), options);

/** The same from proto3's JSON, by way of bytes. */
export const responseByStock = (json: Plain): Plain => decodeByStock(types.response.encode(types.response.fromObject(json)).finish());

/** Splits a stream of responses, each of which follows its length. */
export function splitByStock(bytes: Uint8Array): Plain[] {
  const reader = protobuf.Reader.create(bytes);
  const responses: Plain[] = [];
  while (reader.pos < reader.len) responses.push(types.response.toObject(types.response.decodeDelimited(reader), options));
  return responses;
}

/** Joins requests to a stream, each after its length. */
export const joinByStock = (requests: readonly Plain[]): Buffer =>
  Buffer.concat(requests.map((request) => types.request.encodeDelimited(types.request.fromObject(request)).finish()));
