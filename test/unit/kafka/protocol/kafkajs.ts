import assert from 'node:assert/strict';
import kafkajs from 'kafkajs/src/protocol/requests/index.js';
import type { Request } from '../../../../lib/kafka/protocol/request.ts';
import { Reader } from '../../../../lib/kafka/protocol/wire.ts';

const { requests } = kafkajs;
type Name = keyof typeof requests;

/** What kafkajs writes for a request of that version, and its number and name for it. */
export async function asKafkajsWrites(name: Name, version: number, parameters: object) {
  const { request } = requests[name].protocol({ version })(parameters);
  const { buffer } = await request.encode();
  return { key: request.apiKey, name: request.apiName, bytes: buffer };
}

/** What kafkajs reads from the bytes of an answer. */
export const asKafkajsReads = (name: Name, version: number, answer: Buffer, parameters: object = {}): Promise<unknown> =>
  requests[name].protocol({ version })(parameters).response.decode(answer);

/** What we write for a request, in one piece. */
export const asWeWrite = <Answer>(request: Request<Answer>, version = request.versions.max) => ({
  key: request.key,
  name: request.name,
  bytes: Buffer.concat(request.encode(version)),
});

/** What we read from the bytes of an answer, to its last byte. */
export function asWeRead<Answer>(request: Request<Answer>, answer: Buffer, version = request.versions.max, unread = 0): Answer {
  const reader = new Reader(answer);
  const decoded = request.decode(reader, version);
  assert.equal(reader.at + unread, answer.length, 'all of the answer is read');
  return decoded;
}
