import type { Reader } from './wire.ts';

/**
 * One request of Kafka's protocol: how to write it and how to read its answer. `versions` are those that this code supports; the newest
 * that the broker supports too is used. Most are non-flexible; requests write and read the tagged fields of the headers of flexible versions
 * (KIP-482) themselves, with compact.ts.
 *
 * @see https://kafka.apache.org/protocol for every layout in this folder
 */
export interface Request<Answer> {
  readonly key: number;
  readonly name: string;
  readonly versions: { readonly min: number; readonly max: number };
  /** True when the broker may hold the answer back: it answers the requests of a connection one after the other. */
  readonly waits?: boolean;
  /** Where the answer says for how long a quota will mute the connection; at its start by default. */
  readonly throttle?: 'at the end' | 'never' | ((answer: Buffer, version: number) => number);
  /** Buffers are sent one after the other, uncopied when they are large. */
  encode(version: number): Buffer[];
  decode(reader: Reader, version: number): Answer;
}
