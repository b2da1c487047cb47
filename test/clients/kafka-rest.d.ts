/** What of npm's kafka-rest the tests use, typed: it comes without types. */
declare module 'kafka-rest' {
  type Answer<T> = (error: Error | null, result: T) => void;
  type Message = string | Buffer | null | { key?: string | Buffer | null; value?: string | Buffer | null; partition?: number };

  interface Produced {
    offsets: { partition: number | null; offset: number | null; error_code: number | null; error: string | null }[];
  }

  interface Producing {
    produce(messages: Message[], answer: Answer<Produced>): void;
  }

  interface Partition extends Producing {
    id: number;
    raw: { partition: number; leader: number; replicas: { broker: number; leader: boolean; in_sync: boolean }[] };
    get(answer: Answer<Partition>): void;
    messages(
      options: { offset: number; count?: number; format?: 'binary' },
      answer: Answer<{ key: string | null; value: string | null; partition: number; offset: number }[]>,
    ): void;
    toString(): string;
  }

  interface Topic extends Producing {
    name: string;
    raw: { name: string; configs: Record<string, string>; partitions: Partition['raw'][] };
    partitions: {
      list(answer: Answer<Partition[]>): void;
      get(id: number, answer: Answer<Partition>): void;
      partition(id: number): Partition;
    };
    get(answer: Answer<Topic>): void;
    toString(): string;
  }

  export default class KafkaRest {
    constructor(options: { url: string; headers?: Record<string, string> });
    brokers: { list(answer: Answer<{ id: number }[]>): void };
    topics: { list(answer: Answer<Topic[]>): void; get(name: string, answer: Answer<Topic>): void };
    topic(name: string): Topic;
    topicPartition(name: string, id: number): Partition;
    static BinarySchema: {
      decodeMessage(message: { key: string | null; value: string | null; partition: number; offset: number }): {
        key: Buffer | null;
        value: Buffer | null;
        partition: number;
        offset: number;
      };
    };
  }
}
