import type { TestContext } from 'node:test';
import { type Delivery, delivery } from '../../../../lib/kafka/produce/delivery.ts';
import { Producer } from '../../../../lib/kafka/produce/producer.ts';
import type { Acks } from '../../../../lib/kafka/protocol/produce.ts';
import * as layout from '../../../../lib/kafka/record-batch/layout.ts';
import { writeBatch } from '../../../../lib/kafka/record-batch/write.ts';
import { recordOf } from '../../../harness/fake-broker/batch-records.ts';
import type { FakeKafka } from '../../../harness/fake-broker/fake-kafka.ts';
import { stopTime, timePasses } from '../../../harness/virtual-time.ts';

export const batchOf = (partition: number, ...values: string[]): Delivery =>
  delivery('orders', partition, writeBatch(values.map((value) => recordOf(value))), values.length);

/** A producer on a cluster whose leaders are known already. */
export async function producerOn(t: TestContext, kafka: FakeKafka) {
  stopTime(t);
  await timePasses(t, kafka.cluster.refresh(['orders']));
  const producer = new Producer(kafka.cluster);
  const start = (deliveries: Delivery[], { seconds = 10, acks = -1 }: { seconds?: number; acks?: Acks } = {}) =>
    producer.deliver(deliveries, { acks, deadline: Date.now() + seconds * 1000 });
  return { start, deliver: (...all: Parameters<typeof start>) => timePasses(t, start(...all)) };
}

export const stampOf = (bytes: Buffer) => ({
  id: bytes.readBigInt64BE(layout.PRODUCER_ID),
  epoch: bytes.readInt16BE(layout.PRODUCER_EPOCH),
  sequence: bytes.readInt32BE(layout.BASE_SEQUENCE),
});
export const stampsIn = (kafka: FakeKafka) => kafka.requests.flatMap(({ batches }) => batches.map(({ bytes }) => stampOf(bytes)));
export const bytesIn = (kafka: FakeKafka) => kafka.requests.map(({ batches }) => batches[0].bytes.toString('hex'));
export const offsetOf = ({ outcome }: Delivery) => (outcome?.error === 0 ? outcome.baseOffset : outcome);
