import { functionHandler } from '../lib/admission/function-handler.ts';
import { assignments, postAssignments } from '../lib/routes/consumers/assignments.ts';
import { createConsumer, deleteConsumer } from '../lib/routes/consumers/instances.ts';
import { offsets, postOffsets } from '../lib/routes/consumers/offsets.ts';
import { seek, seekToBeginning, seekToEnd } from '../lib/routes/consumers/positions.ts';
import { records } from '../lib/routes/consumers/records.ts';
import { subscribe, subscription, unsubscribe } from '../lib/routes/consumers/subscription.ts';

/** Consumer instances that are members of a consumer group; any process can serve any request of an instance. */
export const handler = functionHandler({
  'POST /consumers/{group}': createConsumer,
  'DELETE /consumers/{group}/instances/{instance}': deleteConsumer,
  'GET /consumers/{group}/instances/{instance}/subscription': subscription,
  'POST /consumers/{group}/instances/{instance}/subscription': subscribe,
  'DELETE /consumers/{group}/instances/{instance}/subscription': unsubscribe,
  'GET /consumers/{group}/instances/{instance}/assignments': assignments,
  'POST /consumers/{group}/instances/{instance}/assignments': postAssignments,
  'GET /consumers/{group}/instances/{instance}/records': records,
  'GET /consumers/{group}/instances/{instance}/offsets': offsets,
  'POST /consumers/{group}/instances/{instance}/offsets': postOffsets,
  'POST /consumers/{group}/instances/{instance}/positions': seek,
  'POST /consumers/{group}/instances/{instance}/positions/beginning': seekToBeginning,
  'POST /consumers/{group}/instances/{instance}/positions/end': seekToEnd,
});
