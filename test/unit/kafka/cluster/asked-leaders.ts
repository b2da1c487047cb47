import { askLeaders } from '../../../../lib/kafka/cluster/ask-leaders.ts';
import { initProducerId } from '../../../../lib/kafka/protocol/init-producer-id.ts';
import { initProducerIdAnswer } from '../../../harness/fake-broker/broker-side.ts';
import { brokersOf, FakeCluster, topicOn, withMetadata } from '../../../harness/fake-broker/fake-cluster.ts';

interface Kafka {
  leaders: number[];
  topicError: number;
  /** What a broker makes of a question about its partitions; by default it answers all of them. */
  answer(broker: number, partitions: number[]): number[] | Promise<number[]>;
}

/** Brokers that are asked by a request that carries nothing: what they say is in `answer`, as an error code a partition. */
export function clusterWith(given: Partial<Kafka>) {
  const kafka: Kafka = { leaders: [1], topicError: 0, answer: (_, partitions) => partitions.map(() => 0), ...given };
  const asked: string[] = [];
  let metadata = 0;
  const content = () => {
    metadata++;
    return { brokers: brokersOf(3), topics: [{ ...topicOn('orders', ...kafka.leaders), error: kafka.topicError }] };
  };
  const broker = withMetadata(content, () => initProducerIdAnswer({}));
  const cluster = new FakeCluster({ 'broker-1:9092': broker, 'broker-2:9092': broker, 'broker-3:9092': broker });
  const ask = (partitions: number[] | null, deadline: number) =>
    askLeaders(cluster, 'orders', partitions, deadline, async (connection, group) => {
      const id = Number(connection.address.at('broker-'.length));
      asked.push(`${id}: ${group}`);
      await connection.send(initProducerId, 2500);
      const errors = await kafka.answer(id, group);
      return group.map((partition, i) => ({ partition, error: errors[i], by: id }));
    });
  return { kafka, cluster, ask, asked, metadata: () => metadata };
}

export const in10s = () => Date.now() + 10_000;
