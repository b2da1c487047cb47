import { functionHandler } from '../lib/admission/function-handler.ts';
import { produceToPartition, produceToTopic, produceToTopics } from '../lib/routes/produce/produce.ts';
import { produceBatch, produceStream } from '../lib/routes/produce/produce-v3.ts';

/** Writes records. */
export const handler = functionHandler({
  'POST /topics/{topic}': produceToTopic,
  'POST /topics/{topic}/partitions/{partition}': produceToPartition,
  'POST /records': produceToTopics,
  'POST /v3/clusters/{cluster}/topics/{topic}/records': produceStream,
  'POST /v3/clusters/{cluster}/topics/{topic}/records:batch': produceBatch,
});
