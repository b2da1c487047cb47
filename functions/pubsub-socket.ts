import { pubsubSocket } from '../lib/routes/pubsub/socket.ts';

/** Obeys the commands of pubsub.proto that come over a WebSocket. */
export const handler = pubsubSocket();
