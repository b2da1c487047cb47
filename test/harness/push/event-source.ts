import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import { kafkajsConsumer } from '../kafka/kafkajs-consumer.ts';

/** The settings of a mapping, by the names of AWS::Lambda::EventSourceMapping. */
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

/** A function's response: for each partition, the offset from which to send records again. */
export interface EventAnswer {
  batchItemFailures?: { itemIdentifier: { partition: string; offset: number } }[];
}

/** Invokes the function with an event; an error fails the whole event. */
export type Invoke = (event: KafkaEvent) => Promise<EventAnswer>;

/** Receives records that are given up, like the on-failure destination of a mapping. */
export type Destination = (records: readonly EventRecord[]) => void;

/**
 * Replaces Lambda's pollers, with a real consumer group. Its rules are those of AWS's documentation, "Configuring error handling
 * controls for Kafka event sources":
 * - "when your function returns batchItemFailures … Lambda … retries from the lowest offset": an item is the position at which its
 *   partition continues, not a single record;
 * - an item that was not in the event fails the whole event;
 * - "MaximumRetryAttempts": retries after the first attempt; then the records go to the destination, and the group moves past them;
 * - "BisectBatchOnFunctionError": a failed batch is split in two, and each half is retried.
 * It cannot show AWS's timing and scaling.
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

/** Delivers records of one partition to a function, by the rules of a mapping. */
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

/** The index of the record to continue at; or the result of the whole batch. */
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
