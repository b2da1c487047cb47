import { functionHandler } from '../lib/admission/function-handler.ts';
import { deleteGroup, group, groups } from '../lib/routes/groups/consumer-groups.ts';
import { deleteGroupOffsets, groupOffsets, putGroupOffsets } from '../lib/routes/groups/group-offsets.ts';

/** Shows consumer groups and their offsets, and changes them: without being a member of any. */
export const handler = functionHandler({
  'GET /groups': groups,
  'GET /groups/{group}': group,
  'DELETE /groups/{group}': deleteGroup,
  'GET /groups/{group}/offsets': groupOffsets,
  'PUT /groups/{group}/offsets': putGroupOffsets,
  'DELETE /groups/{group}/offsets': deleteGroupOffsets,
});
