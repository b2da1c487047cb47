import type { Request } from './request.ts';
import { Writer } from './wire.ts';

/** Deletes a group without live members, with all of its offsets. The answer is Kafka's error code. */
export const deleteGroups = (group: string): Request<number> => ({
  key: 42,
  name: 'DeleteGroups',
  versions: { min: 1, max: 1 },
  encode: () => [new Writer().int32(1).string(group).done()],
  decode(reader) {
    reader.int32();
    const [error] = reader.array(() => {
      reader.string();
      return reader.int16();
    });
    return error ?? -1;
  },
});
