import { functionHandler } from '../lib/routes/function-handler.ts';
import { brokers, health, partition, partitions, ready, root, topic, topics } from '../lib/routes/topic-metadata.ts';

/** Describes topics, partitions and brokers; also answers for every path that no route takes. */
export const handler = functionHandler({
  'GET /': root,
  'GET /health': health,
  'GET /health/ready': ready,
  'GET /brokers': brokers,
  'GET /topics': topics,
  'GET /topics/{topic}': topic,
  'GET /topics/{topic}/partitions': partitions,
  'GET /topics/{topic}/partitions/{partition}': partition,
});
