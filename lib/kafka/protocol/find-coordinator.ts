import type { Request } from './request.ts';
import { Writer } from './wire.ts';

const GROUP = 0;

export interface CoordinatorAnswer {
  error: number;
  /** Of the broker. */
  id: number;
  host: string;
  port: number;
}

/** Asks any broker which one coordinates a consumer group. */
export const findCoordinator = (group: string): Request<CoordinatorAnswer> => ({
  key: 10,
  name: 'FindCoordinator',
  versions: { min: 2, max: 2 },
  encode: () => [new Writer().string(group).int8(GROUP).done()],
  decode(reader) {
    reader.int32();
    const error = reader.int16();
    reader.nullableString();
    return { error, id: reader.int32(), host: reader.string(), port: reader.int32() };
  },
});
