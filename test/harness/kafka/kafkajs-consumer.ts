import type { Consumer, ConsumerConfig } from 'kafkajs';
import { kafkaClient } from './topics.ts';

/**
 * A consumer of kafkajs that ends when it is disconnected. kafkajs starts one anew after a failure, even if it was disconnected while it
 * failed: it would be in its group again, and keep the process alive for good.
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
