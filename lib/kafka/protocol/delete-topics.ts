import type { Request } from './request.ts';
import { Writer } from './wire.ts';

export interface DeleteTopicAnswer {
  error: number;
  /** Always null: these versions have no message for people. */
  message: null;
}

/** Deletes one topic. */
export const deleteTopics = (topic: string, timeoutMs: number): Request<DeleteTopicAnswer> => ({
  key: 20,
  name: 'DeleteTopics',
  versions: { min: 1, max: 3 },
  encode: () => [new Writer().int32(1).string(topic).int32(timeoutMs).done()],
  decode(reader) {
    reader.int32();
    const [error] = reader.array(() => {
      reader.string();
      return reader.int16();
    });
    return { error: error ?? -1, message: null };
  },
});
