import { pubsubSocket } from '../lib/routes/pubsub/socket.ts';

/** Executes the commands of pubsub.proto that arrive over a WebSocket. */
export const handler = pubsubSocket();
