import type { Request } from './request.ts';
import { Writer } from './wire.ts';

export interface ProducerId {
  error: number;
  id: bigint;
  epoch: number;
}

/** Asks for a new producer id, for idempotent writes without transactions. */
export const initProducerId: Request<ProducerId> = {
  key: 22,
  name: 'InitProducerId',
  versions: { min: 0, max: 1 },
  encode: () => [new Writer().string(null).int32(60_000).done()],
  decode(reader) {
    reader.int32();
    return { error: reader.int16(), id: reader.bigint64(), epoch: reader.int16() };
  },
};
