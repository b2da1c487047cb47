import { route } from '../../../admission/route.ts';
import { deleteTopic as deleteInKafka } from '../../../kafka/topics/delete-topic.ts';
import { jsonOnly, requireCluster } from './respond.ts';

/** Deletes a topic with all its records. */
export const deleteTopic = route('DELETE /v3/clusters/{cluster}/topics/{topic}', {
  operation: 'delete',
  offers: jsonOnly,
  names: ({ topic }) => ({ topics: [topic] }),
  async answer({ request: { path, deadline }, cluster }) {
    await requireCluster(cluster, path.cluster, deadline);
    await deleteInKafka(cluster, path.topic, deadline);
    return { status: 204, body: '' };
  },
});
