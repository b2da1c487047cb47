import type { Request } from './request.ts';
import { Writer } from './wire.ts';

/** What has settings, by Kafka's numbers. */
const resources = { topic: 2, broker: 4, group: 32 } as const;
type ConfigResource = keyof typeof resources;

/** A value of a setting, and where it comes from: one of {@link configSources}. */
export interface ConfigValue {
  name: string;
  /** Null if the broker does not reveal the value. */
  value: string | null;
  source: number;
}

/** A setting of a topic. */
export interface TopicConfig extends ConfigValue {
  readOnly: boolean;
  sensitive: boolean;
  /** This value first, then those that would apply without it; only if they were asked for. */
  synonyms: ConfigValue[];
}

/** Sources of values, by Kafka's numbers, with the names of its admin client. */
export const configSources = [
  'UNKNOWN',
  'DYNAMIC_TOPIC_CONFIG',
  'DYNAMIC_BROKER_CONFIG',
  'DYNAMIC_DEFAULT_BROKER_CONFIG',
  'STATIC_BROKER_CONFIG',
  'DEFAULT_CONFIG',
  'DYNAMIC_BROKER_LOGGER_CONFIG',
  'DYNAMIC_CLIENT_METRICS_CONFIG',
  'GROUP_CONFIG',
] as const;

export interface TopicConfigs {
  error: number;
  /** Every setting of the topic, defaults included. */
  configs: TopicConfig[];
}

/** Asks for the settings of one topic, one group, or one broker; a broker's settings must be asked of that broker. */
export const describeConfigs = (name: string, synonyms = false, resource: ConfigResource = 'topic'): Request<TopicConfigs> => ({
  key: 32,
  name: 'DescribeConfigs',
  versions: { min: 1, max: 1 },
  encode: () => [new Writer().int32(1).int8(resources[resource]).string(name).int32(-1).boolean(synonyms).done()],
  decode(reader) {
    reader.int32();
    const [answer] = reader.array(() => {
      const error = reader.int16();
      reader.nullableString();
      reader.int8();
      reader.string();
      const configs = reader.array(() => ({
        name: reader.string(),
        value: reader.nullableString(),
        readOnly: reader.boolean(),
        source: reader.int8(),
        sensitive: reader.boolean(),
        synonyms: reader.array(() => ({ name: reader.string(), value: reader.nullableString(), source: reader.int8() })),
      }));
      return { error, configs };
    });
    return answer ?? { error: -1, configs: [] };
  },
});
