import { streamHandler } from '../lib/admission/stream-handler.ts';
import { streamTopics } from '../lib/routes/streams/stream-topics.ts';

/** Sends records of many partitions as they come. */
export const handler = streamHandler({ 'GET /topics/{topics}/records': streamTopics });
