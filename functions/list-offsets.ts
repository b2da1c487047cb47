import { functionHandler } from '../lib/admission/function-handler.ts';
import { partitionOffsets, topicOffsets } from '../lib/routes/topics/list-offsets.ts';
import { summarizeTopics } from '../lib/routes/topics/summarize-topics.ts';

/** Tells where logs begin and end, how many records they hold, and which offset belongs to a time. */
export const handler = functionHandler({
  'GET /topics/{topic}/partitions/{partition}/offsets': partitionOffsets,
  'GET /topics/{topic}/offsets': topicOffsets,
  'GET /topics/{topics}/summary': summarizeTopics,
});
