import { functionHandler } from '../lib/admission/function-handler.ts';
import { putQueue, queue, queues } from '../lib/routes/queues/queues.ts';
import { receive } from '../lib/routes/queues/receive.ts';
import { ack, reject, release, renew } from '../lib/routes/queues/settle.ts';

/** Hands out records one by one, each with a lock, and settles them. */
export const handler = functionHandler({
  'GET /queues': queues,
  'GET /queues/{group}': queue,
  'PUT /queues/{group}': putQueue,
  'POST /queues/{group}/receive': receive,
  'POST /queues/{group}/ack': ack,
  'POST /queues/{group}/release': release,
  'POST /queues/{group}/reject': reject,
  'POST /queues/{group}/renew': renew,
});
