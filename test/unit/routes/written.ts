import { decompress } from '../../../lib/kafka/compression/decompress.ts';
import * as layout from '../../../lib/kafka/record-batch/layout.ts';
import { readBatches } from '../../../lib/kafka/record-batch/read.ts';
import { type PlainRecord, plainStored } from '../../harness/fake-broker/batch-records.ts';
import { initProducerIdAnswer, keys, produceAnswer, readProduce } from '../../harness/fake-broker/broker-side.ts';
import { topicOn } from '../../harness/fake-broker/fake-cluster.ts';
import type { gatewayWith } from './gateway.ts';

/** A record as it reached Kafka. */
export interface Written extends PlainRecord {
  topic: string;
  partition: number;
  acks: number;
  codec: number;
}

/** Kafka with the topics `orders` of three partitions and `clicks` of one: answers by `errorOf`, and collects what is to be written. */
export function collectingOf({ kafkaHas }: ReturnType<typeof gatewayWith>) {
  return (errorOf: (topic: string, partition: number) => number = () => 0): Written[] => {
    const written: Written[] = [];
    kafkaHas({ topics: [topicOn('orders', 1, 1, 1), topicOn('clicks', 1)] }, async ({ key, body, version }) => {
      if (key === keys.initProducerId) return initProducerIdAnswer({});
      const { acks, batches } = readProduce(body);
      for (const { topic, partition, batch } of batches) {
        const options = { from: 0, aborted: [], maxRecords: 1000, maxBytes: 1e6, decompress };
        const { records } = await readBatches(batch, 0, batch.length, options);
        const codec = batch.readInt16BE(layout.ATTRIBUTES) & layout.CODEC_BITS;
        written.push(...records.map((record) => ({ ...plainStored(record), topic, partition, acks, codec })));
      }
      return produceAnswer(
        version,
        batches.map(({ topic, partition }) => ({ topic, partition, error: errorOf(topic, partition), baseOffset: 100 })),
      );
    });
    return written;
  };
}
