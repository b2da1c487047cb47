import { mayOn } from '../../admission/grants.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { topicNames } from '../../kafka/topics/topic-names.ts';
import type { ReadParameters } from './read-query.ts';

/**
 * The topics that match the pattern and that the caller may read, without those that the path names.
 *
 * @param newerThan Unix milliseconds: cached names that are older are fetched again
 */
export async function matchingTopics(
  cluster: Cluster,
  request: GatewayRequest<'GET /topics/{topics}/records'>,
  { matches }: Pick<ReadParameters, 'matches'>,
  { deadline = request.deadline, newerThan }: { deadline?: number; newerThan?: number | undefined } = {},
): Promise<string[]> {
  if (matches === null) return [];
  const { topics } = request.path;
  const mayRead = mayOn(request, 'topics');
  const names = await topicNames(cluster, deadline, newerThan);
  return names.filter((name) => matches(name) && mayRead('read', name) && !topics.includes(name));
}
