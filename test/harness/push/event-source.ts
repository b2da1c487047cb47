import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import { kafkajsConsumer } from '../kafka/kafkajs-consumer.ts';

/** What is set of a mapping, under the names of AWS::Lambda::EventSourceMapping. */
export interface Mapping {
  Topic: string;
  MaximumRetryAttempts: number;
  BisectBatchOnFunctionError: boolean;
}

/** An event of Lambda's Kafka event source. */
export interface KafkaEvent {
  eventSource: 'SelfManagedKafka';
  bootstrapServers: string;
  records: Record<string, EventRecord[]>;
}

interface EventRecord {
  topic: string;
  partition: number;
  offset: number;
  timestamp: number;
  timestampType: 'CREATE_TIME';
  key?: string;
  value?: string;
  headers: Record<string, number[]>[];
}

/** What a function answers: of each partition, from where on its records are to be sent again. */
export interface EventAnswer {
  batchItemFailures?: { itemIdentifier: { partition: string; offset: number } }[];
}

/** A function that is woken by events; one that throws has failed with all of its event. */
export type Invoke = (event: KafkaEvent) => Promise<EventAnswer>;

/** Takes what is given up, as the on-failure destination of a mapping does. */
export type Destination = (records: readonly EventRecord[]) => void;

/**
 * Stands in for Lambda's pollers, with a real consumer group. Its rules are those of AWS's documentation, "Configuring error handling
 * controls for Kafka event sources":
 * - "when your function returns batchItemFailures … Lambda … retries from the lowest offset": an item is a point to go on from, of its
 *   partition, and not one record of several;
 * - an item that was not in the event fails the whole of it;
 * - "MaximumRetryAttempts": so many times after the first; then the records go to the destination, and the group passes them;
 * - "BisectBatchOnFunctionError": what has failed is split in two, and each part is tried.
 * What it cannot show is AWS's own timing and scaling.
 */
export async function startEventSource(mapping: Mapping, invoke: Invoke, destination: Destination): Promise<{ stop(): Promise<void> }> {
  const consumer = kafkajsConsumer({ groupId: `mapping-${mapping.Topic}` });
  await consumer.connect();
  await consumer.subscribe({ topic: mapping.Topic, fromBeginning: true });
  await consumer.run({
    async eachBatch({ batch }: EachBatchPayload) {
      const records = batch.messages.map((message) => toEventRecord(mapping.Topic, batch.partition, message));
      await deliverBatch(records, mapping, invoke, destination);
    },
  });
  return { stop: () => consumer.disconnect() };
}

/** Has a function take records of one partition, by the rules of a mapping. */
export async function deliverBatch(
  records: readonly EventRecord[],
  mapping: Mapping,
  invoke: Invoke,
  destination: Destination,
): Promise<void> {
  let left = records;
  for (let attempts = 0; left.length > 0; attempts++) {
    if (attempts > mapping.MaximumRetryAttempts) return destination(left);
    const outcome = await outcomeOf(left, invoke);
    if (outcome === 'taken') return;
    if (outcome !== 'failed') left = left.slice(outcome);
    else if (mapping.BisectBatchOnFunctionError && left.length > 1) {
      const middle = left.length >> 1;
      const rest = { ...mapping, MaximumRetryAttempts: mapping.MaximumRetryAttempts - attempts };
      await deliverBatch(left.slice(0, middle), rest, invoke, destination);
      return deliverBatch(left.slice(middle), rest, invoke, destination);
    }
  }
}

/** The place of the record to go on from; or what became of all. */
async function outcomeOf(records: readonly EventRecord[], invoke: Invoke): Promise<number | 'taken' | 'failed'> {
  const [{ topic, partition }] = records;
  const key = `${topic}-${partition}`;
  try {
    const event: KafkaEvent = { eventSource: 'SelfManagedKafka', bootstrapServers: '', records: { [key]: [...records] } };
    const { batchItemFailures = [] } = await invoke(event);
    if (batchItemFailures.length === 0) return 'taken';
    const places = batchItemFailures.map(({ itemIdentifier }) =>
      itemIdentifier.partition === key ? records.findIndex(({ offset }) => offset === itemIdentifier.offset) : -1,
    );
    return places.includes(-1) ? 'failed' : Math.min(...places);
  } catch {
    return 'failed';
  }
}

function toEventRecord(topic: string, partition: number, { key, value, offset, timestamp, headers = {} }: KafkaMessage): EventRecord {
  return {
    ...{ topic, partition, offset: Number(offset), timestamp: Number(timestamp), timestampType: 'CREATE_TIME' },
    ...(key !== null && { key: key.toString('base64') }),
    ...(value !== null && { value: value.toString('base64') }),
    headers: Object.entries(headers).flatMap(([name, values]) => [values].flat().map((one) => ({ [name]: [...Buffer.from(one ?? '')] }))),
  };
}
