import type { Cluster } from '../cluster/cluster.ts';
import { again } from '../cluster/retry.ts';
import { NONE } from '../error-codes.ts';
import { topicOperations } from '../protocol/topic-operations.ts';

const ANSWER_MS = 2500;
/** Of Kafka's `AclOperation`. */
const READ = 3;
const WRITE = 4;

/**
 * Those topics that the credentials of a cluster may write to, as its authorizer says now; all if Kafka has no authorizer. Leaves out
 * topics that do not exist.
 *
 * @param deadline Unix milliseconds
 */
export const writableTopics = (cluster: Cluster, topics: readonly string[], deadline: number): Promise<ReadonlySet<string>> =>
  topicsFor(WRITE, cluster, topics, deadline);

/** The same for the topics that they may read. */
export const readableTopics = (cluster: Cluster, topics: readonly string[], deadline: number): Promise<ReadonlySet<string>> =>
  topicsFor(READ, cluster, topics, deadline);

async function topicsFor(operation: number, cluster: Cluster, topics: readonly string[], deadline: number): Promise<ReadonlySet<string>> {
  if (topics.length === 0) return new Set();
  const answers = await again(deadline, async () => (await cluster.anyBroker()).send(topicOperations(topics), ANSWER_MS));
  const permitted = answers.filter(({ error, operations }) => error === NONE && operations >= 0 && (operations & (1 << operation)) !== 0);
  return new Set(permitted.map(({ name }) => name));
}
