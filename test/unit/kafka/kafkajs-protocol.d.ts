/** kafkajs's own protocol code, to check ours against. Only tests import it. */
declare module 'kafkajs/src/utils/long.js' {
  export default class Long {
    static fromValue(value: number | bigint | string): Long;
    toString(): string;
  }
}

declare module 'kafkajs/src/protocol/encoder.js' {
  export default class Encoder {
    static sizeOfVarInt(value: number): number;
    static sizeOfVarLong(value: number): number;
    readonly buffer: Buffer;
    writeInt8(value: number): this;
    writeInt16(value: number): this;
    writeInt32(value: number): this;
    writeInt64(value: number | bigint): this;
    writeBoolean(value: boolean): this;
    writeString(value: string | null): this;
    writeVarInt(value: number): this;
    writeUVarInt(value: number): this;
    writeUVarIntString(value: string | null): this;
    writeVarLong(value: number): this;
  }
}

declare module 'kafkajs/src/protocol/decoder.js' {
  export default class Decoder {
    constructor(bytes: Buffer);
  }
}

declare module 'kafkajs/src/protocol/recordBatch/record/v0/index.js' {
  import type Encoder from 'kafkajs/src/protocol/encoder.js';

  export default function Record(record: {
    offsetDelta: number;
    timestampDelta: number;
    key: Buffer | null;
    value: Buffer | null;
    headers: Record<string, Buffer[]>;
  }): Encoder;
}

declare module 'kafkajs/src/protocol/recordBatch/v0/index.js' {
  import type Encoder from 'kafkajs/src/protocol/encoder.js';
  import type Long from 'kafkajs/src/utils/long.js';

  const recordBatch: {
    RecordBatch(batch: {
      compression: 0 | 1;
      firstOffset: Long;
      firstTimestamp: number;
      maxTimestamp: number;
      lastOffsetDelta: number;
      transactional: boolean;
      producerId: number;
      producerEpoch: number;
      firstSequence: number;
      records: Encoder[];
    }): Promise<Encoder>;
  };
  export default recordBatch;
}

declare module 'kafkajs/src/protocol/recordBatch/v0/decoder.js' {
  import type Decoder from 'kafkajs/src/protocol/decoder.js';

  export default function decode(decoder: Decoder): Promise<{
    firstOffset: string;
    lastOffsetDelta: number;
    firstTimestamp: string;
    maxTimestamp: string;
    producerId: string;
    producerEpoch: number;
    firstSequence: number;
    records: {
      offset: string;
      timestamp: string;
      key: Buffer | null;
      value: Buffer | null;
      headers: Record<string, Buffer | null | (Buffer | null)[]>;
    }[];
  }>;
}

declare module 'kafkajs/src/producer/partitioners/default/murmur2.js' {
  export default function murmur2(key: Buffer): number;
}

declare module 'kafkajs/src/protocol/requests/index.js' {
  interface Versioned {
    request: { apiKey: number; apiVersion: number; apiName: string; encode(): Promise<{ buffer: Buffer }> };
    response: { decode(answer: Buffer): Promise<unknown> };
  }

  interface Requests {
    protocol(choice: { version: number }): (parameters: object) => Versioned;
  }

  type Name =
    | 'Produce'
    | 'Fetch'
    | 'ListOffsets'
    | 'Metadata'
    | 'ApiVersions'
    | 'CreateTopics'
    | 'DeleteTopics'
    | 'InitProducerId'
    | 'DescribeConfigs'
    | 'GroupCoordinator'
    | 'DescribeGroups'
    | 'OffsetFetch'
    | 'OffsetCommit'
    | 'DeleteGroups';

  const protocol: { requests: Record<Name, Requests> };
  export default protocol;
}
