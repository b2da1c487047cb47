import type { Cluster } from '../cluster/cluster.ts';
import { again } from '../cluster/retry.ts';
import { NONE } from '../error-codes.ts';
import { metadataWithIds } from '../protocol/metadata-with-ids.ts';

const ANSWER_MS = 2500;

/**
 * The present ids of topics by their names: a topic that was recreated has another. Leaves out topics that do not exist, and all topics if
 * the brokers are older than ids (Kafka 3.0).
 *
 * @param deadline Unix milliseconds
 * @throws {GatewayError} KafkaUnavailable …
 */
export async function topicIdsNow(cluster: Cluster, names: readonly string[], deadline: number): Promise<Map<string, string>> {
  return again(deadline, async () => {
    const connection = await cluster.anyBroker();
    const request = metadataWithIds(names);
    if (!connection.speaks(request)) return new Map();
    const { topics } = await connection.send(request, ANSWER_MS);
    return new Map(topics.filter(({ error }) => error === NONE).map(({ name, id }) => [name, id ?? '']));
  });
}
