import { functionHandler } from '../lib/routes/function-handler.ts';
import { produceToPartition, produceToTopic, produceToTopics } from '../lib/routes/produce.ts';

/** Writes records. */
export const handler = functionHandler({
  'POST /topics/{topic}': produceToTopic,
  'POST /topics/{topic}/partitions/{partition}': produceToPartition,
  'POST /records': produceToTopics,
});
