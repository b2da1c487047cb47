import { gatewayHandler } from '../lib/http/gateway-handler.ts';
import { produceToPartition, produceToTopic, produceToTopics } from '../lib/routes/produce.ts';

/** Writes records. */
export const handler = gatewayHandler({
  'POST /topics/{topic}': produceToTopic,
  'POST /topics/{topic}/partitions/{partition}': produceToPartition,
  'POST /records': produceToTopics,
});
