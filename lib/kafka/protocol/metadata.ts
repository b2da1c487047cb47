import type { Request } from './request.ts';
import { Writer } from './wire.ts';

export interface BrokerAddress {
  id: number;
  host: string;
  port: number;
}

export interface PartitionMetadata {
  error: number;
  id: number;
  /** Broker id, or -1 while there is none. */
  leader: number;
  /** Grows with each change of leaders; -1 if the broker does not tell it. */
  leaderEpoch: number;
  replicas: number[];
  inSyncReplicas: number[];
}

export interface TopicMetadata {
  error: number;
  name: string;
  /** 32 hexadecimal digits; a recreated topic has others. Empty if the broker knows no id. Null if it was not asked for. */
  id: string | null;
  internal: boolean;
  partitions: PartitionMetadata[];
}

export interface Metadata {
  brokers: BrokerAddress[];
  clusterId: string | null;
  /** Broker id: where to send requests that change topics. */
  controller: number;
  topics: TopicMetadata[];
}

/** Stands for any leader epoch, in requests to a leader, and for an unknown one. */
export const NO_EPOCH = -1;

/**
 * Asks for brokers and for topics: the named ones, or all that may be described (null).
 *
 * @param mayCreate lets a broker create topics that do not exist, if it is set to do so
 * @param withEpochs asks for leader epochs, too
 */
export const metadata = (topics: readonly string[] | null, mayCreate = false, withEpochs = true): Request<Metadata> => ({
  key: 3,
  name: 'Metadata',
  versions: { min: 5, max: withEpochs ? 7 : 6 },
  encode() {
    const writer = new Writer();
    writer.array(topics, (topic) => writer.string(topic)).boolean(mayCreate);
    return [writer.done()];
  },
  decode(reader, version) {
    reader.int32();
    const brokers = reader.array(() => {
      const broker = { id: reader.int32(), host: reader.string(), port: reader.int32() };
      reader.nullableString();
      return broker;
    });
    const clusterId = reader.nullableString();
    const controller = reader.int32();
    const found = reader.array(() => ({
      error: reader.int16(),
      name: reader.string(),
      id: null,
      internal: reader.boolean(),
      partitions: reader.array(() => {
        const partition = {
          error: reader.int16(),
          id: reader.int32(),
          leader: reader.int32(),
          leaderEpoch: version >= 7 ? reader.int32() : NO_EPOCH,
          replicas: reader.array(() => reader.int32()),
          inSyncReplicas: reader.array(() => reader.int32()),
        };
        reader.array(() => reader.int32());
        return partition;
      }),
    }));
    return { brokers, clusterId, controller, topics: found };
  },
});

/**
 * A version that is never sent: only brokers that speak it tell leader epochs that are right while partitions are reassigned (Kafka 2.4). A
 * leader would refuse those of others.
 */
const ofSureEpochs: Request<Metadata> = { ...metadata([]), versions: { min: 9, max: 9 } };

/** The {@link metadata} of topics to ask a broker for: with leader epochs if they are sure. */
export const metadataFrom = (
  broker: { speaks(request: Request<unknown>): boolean },
  topics: readonly string[] | null,
  mayCreate = false,
): Request<Metadata> => metadata(topics, mayCreate, broker.speaks(ofSureEpochs));
