import { readForSockets } from '../lib/routes/pubsub/read-for-sockets.ts';

/** Reads Kafka for the subscriptions of WebSockets, and pushes what it reads. */
export const handler = readForSockets();
