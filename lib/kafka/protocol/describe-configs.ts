import type { Request } from './request.ts';
import { Writer } from './wire.ts';

const TOPIC = 2;

export interface TopicConfigs {
  error: number;
  /** Every setting of the topic, defaults included; null where the broker keeps the value to itself. */
  configs: Record<string, string | null>;
}

/** Asks for the settings of one topic. */
export const describeConfigs = (topic: string): Request<TopicConfigs> => ({
  key: 32,
  name: 'DescribeConfigs',
  versions: { min: 1, max: 1 },
  encode: () => [new Writer().int32(1).int8(TOPIC).string(topic).int32(-1).boolean(false).done()],
  decode(reader) {
    reader.int32();
    const [answer] = reader.array(() => {
      const error = reader.int16();
      reader.nullableString();
      reader.int8();
      reader.string();
      const settings = reader.array((): [string, string | null] => {
        const setting: [string, string | null] = [reader.string(), reader.nullableString()];
        reader.boolean();
        reader.int8();
        reader.boolean();
        reader.array(() => {
          reader.string();
          reader.nullableString();
          reader.int8();
        });
        return setting;
      });
      return { error, configs: Object.fromEntries(settings) };
    });
    return answer ?? { error: -1, configs: {} };
  },
});
