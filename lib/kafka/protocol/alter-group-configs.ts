import type { Request } from './request.ts';
import { Writer } from './wire.ts';

const GROUP = 32;
const SET = 0;

export interface AlterConfigsAnswer {
  error: number;
  /** The broker's own words, for people. */
  message: string | null;
}

/** Overrides settings for a group; settings that are not named stay as they are (IncrementalAlterConfigs). */
export const alterGroupConfigs = (group: string, configs: Readonly<Record<string, string>>): Request<AlterConfigsAnswer> => ({
  key: 44,
  name: 'IncrementalAlterConfigs',
  versions: { min: 0, max: 0 },
  encode() {
    const writer = new Writer().int32(1).int8(GROUP).string(group);
    writer.array(Object.entries(configs), ([name, value]) => writer.string(name).int8(SET).string(value)).boolean(false);
    return [writer.done()];
  },
  decode(reader) {
    reader.int32();
    const [answer] = reader.array(() => {
      const result = { error: reader.int16(), message: reader.nullableString() };
      reader.int8();
      reader.string();
      return result;
    });
    return answer ?? { error: -1, message: null };
  },
});
