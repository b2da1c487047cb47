import { functionHandler } from '../lib/admission/function-handler.ts';
import { deleteGroup, group, groups } from '../lib/routes/groups/consumer-groups.ts';
import { deleteGroupOffsets, groupOffsets, putGroupOffsets } from '../lib/routes/groups/group-offsets.ts';
import * as v3 from '../lib/routes/groups/v3/consumer-groups.ts';

/** Shows and changes consumer groups and their offsets, without joining a group. */
export const handler = functionHandler({
  'GET /groups': groups,
  'GET /groups/{group}': group,
  'DELETE /groups/{group}': deleteGroup,
  'GET /groups/{group}/offsets': groupOffsets,
  'PUT /groups/{group}/offsets': putGroupOffsets,
  'DELETE /groups/{group}/offsets': deleteGroupOffsets,
  'GET /v3/clusters/{cluster}/consumer-groups': v3.groups,
  'GET /v3/clusters/{cluster}/consumer-groups/{group}': v3.group,
  'GET /v3/clusters/{cluster}/consumer-groups/{group}/consumers': v3.consumers,
  'GET /v3/clusters/{cluster}/consumer-groups/{group}/consumers/{consumer}': v3.consumer,
  'GET /v3/clusters/{cluster}/consumer-groups/{group}/consumers/{consumer}/assignments': v3.assignments,
  'GET /v3/clusters/{cluster}/consumer-groups/{group}/consumers/{consumer}/assignments/{topic}/partitions/{partition}': v3.assignment,
  'GET /v3/clusters/{cluster}/consumer-groups/{group}/lag-summary': v3.lagSummary,
  'GET /v3/clusters/{cluster}/consumer-groups/{group}/lags': v3.lags,
  'GET /v3/clusters/{cluster}/consumer-groups/{group}/lags/{topic}/partitions/{partition}': v3.lag,
});
