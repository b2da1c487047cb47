import { streamHandler } from '../lib/admission/stream-handler.ts';
import { streamTopics } from '../lib/routes/streams/stream-topics.ts';

/** Streams records of many partitions as they arrive. */
export const handler = streamHandler({ 'GET /topics/{topics}/records': streamTopics });
