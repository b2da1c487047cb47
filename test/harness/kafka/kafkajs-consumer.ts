import type { Consumer, ConsumerConfig } from 'kafkajs';
import { kafkaClient } from './topics.ts';

/**
 * A kafkajs consumer that ends when it is disconnected. kafkajs restarts a consumer after a failure, even if it was disconnected during the
 * failure: it would rejoin its group, and keep the process alive forever.
 */
export function kafkajsConsumer(config: ConsumerConfig, bootstrapServers?: string): Consumer {
  let isOver = false;
  const retry = { retries: 5, restartOnFailure: async () => !isOver };
  const consumer = kafkaClient(bootstrapServers).consumer({ ...config, retry });
  const disconnect = async () => {
    isOver = true;
    await consumer.disconnect();
  };
  return { ...consumer, disconnect };
}
