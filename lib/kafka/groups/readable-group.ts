import type { Cluster } from '../cluster/cluster.ts';
import { isPassing, kafkaError } from '../error-codes.ts';
import { heartbeatOfNobody } from '../protocol/heartbeat.ts';
import { ANSWER_MS, askCoordinator } from './coordinator.ts';

const GROUP_AUTHORIZATION_FAILED = 30;

/**
 * Checks that the credentials of a cluster may read a group, as its members must.
 *
 * @param deadline Unix milliseconds
 * @throws {GatewayError} Forbidden, KafkaUnavailable …
 */
export async function mustMayReadGroup(cluster: Cluster, group: string, deadline: number): Promise<void> {
  const error = await askCoordinator(cluster, group, deadline, async (connection) => {
    const answer = await connection.send(heartbeatOfNobody(group), ANSWER_MS);
    if (isPassing(answer)) throw kafkaError(answer);
    return answer;
  });
  // Any other error only says that there is no such member.
  if (error === GROUP_AUTHORIZATION_FAILED) throw kafkaError(error);
}
