import type { Reader } from './wire.ts';

/**
 * One request of Kafka's protocol: how it is written and how its answer is read. `versions` are those that this code speaks; the newest
 * that the broker speaks too is used. They are non-flexible; the few requests that exist in flexible versions only (KIP-482) write and
 * read the tagged fields of their headers themselves, by compact.ts.
 *
 * @see https://kafka.apache.org/protocol for every layout in this folder
 */
export interface Request<Answer> {
  readonly key: number;
  readonly name: string;
  readonly versions: { readonly min: number; readonly max: number };
  /** True when the broker may hold the answer back: it answers the requests of a connection one after the other. */
  readonly waits?: boolean;
  /** Where the answer says for how long the broker will keep the connection waiting, because of a quota; at its start unless said. */
  readonly throttle?: 'at the end' | 'never' | ((answer: Buffer) => number);
  /** Buffers are sent one after the other, uncopied when they are large. */
  encode(version: number): Buffer[];
  decode(reader: Reader, version: number): Answer;
}
