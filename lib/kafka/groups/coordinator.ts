import { BoundedMap } from '../../bounded-map.ts';
import { GatewayError } from '../../errors.ts';
import { withRemark } from '../../messages/message.ts';
import { log } from '../../telemetry/log.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { PerCluster } from '../cluster/per-cluster.ts';
import { again } from '../cluster/retry.ts';
import type { BrokerConnection } from '../connection/connection.ts';
import { COORDINATOR_NOT_AVAILABLE, KafkaAnswer, kafkaError, NONE, NOT_COORDINATOR } from '../error-codes.ts';
import { atDeadline, connectionError, isFinal } from '../failures.ts';
import { findCoordinator } from '../protocol/find-coordinator.ts';
import type { Request } from '../protocol/request.ts';

/** How long a coordinator may take to answer. It writes changes to a replicated topic of its own. */
export const ANSWER_MS = 2500;
const MAX_GROUPS = 10_000;

interface Coordinator {
  id: number;
  address: string;
  /** The broker failed or denied the group: look the group up again. */
  inDoubt: boolean;
}

/** Coordinators by group, of each cluster. */
const coordinators = new PerCluster(() => new BoundedMap<string, Coordinator>(MAX_GROUPS));

/**
 * Asks the coordinator of a consumer group. While that fails in passing, asks again, wherever the group has moved to. The coordinator is
 * remembered until it fails or denies the group.
 *
 * @param deadline Unix milliseconds
 * @param ask also gets the coordinator's id; throws Kafka's refusal; may be called several times
 * @throws {GatewayError} what `ask` throws for good, Forbidden; at the deadline KafkaUnavailable or DeadlineExceeded
 */
export async function askCoordinator<Answer>(
  cluster: Cluster,
  group: string,
  deadline: number,
  ask: (connection: BrokerConnection, id: number) => Promise<Answer>,
): Promise<Answer> {
  return again(deadline, async () => {
    const { address, id } = await coordinatorOf(cluster, group);
    let connection: BrokerConnection | null = null;
    try {
      connection = await cluster.connection(address);
      while (connection.waiting) connection = await cluster.connection(address);
      connection.mustHearBefore(deadline);
      const answer = await ask(connection, id);
      cluster.trust(address);
      return answer;
    } catch (cause) {
      const failure = connectionError(cause);
      if (connection?.closed) cluster.suspect(address);
      if (!isFinal(failure)) doubt(cluster, group);
      throw failure;
    }
  });
}

/**
 * Asks the coordinator of a group for a change, by a request that may be repeated.
 *
 * @param check throws the refusal in an answer; `repeated` says that an earlier try may have been carried out: it had no answer, or that of a
 *   coordinator which was losing the group
 * @param ifUnsure tells the client what may have happened if no answer came
 * @param left what is left to ask for, as the coordinator says before each further try; null for nothing. By default, all
 */
export async function changeGroup<Answer>(
  cluster: Cluster,
  group: string,
  deadline: number,
  request: Request<Answer>,
  check: (answer: Answer, repeated: boolean) => void,
  ifUnsure: string,
  left: (connection: BrokerConnection) => Promise<Request<Answer> | null> = async () => request,
): Promise<void> {
  let lost = false;
  let tries = 0;
  try {
    await askCoordinator(cluster, group, deadline, async (connection) => {
      const repeated = lost;
      await connection.renewSession();
      const asked = tries++ === 0 ? request : await left(connection);
      if (asked === null) return;
      // By now, the client has been told that nothing was changed.
      if (Date.now() >= deadline) throw atDeadline(null, deadline);
      lost = true;
      const answer = await connection.send(asked, ANSWER_MS);
      try {
        check(answer, repeated);
      } catch (refusal) {
        lost = repeated || mayHold(refusal);
        throw refusal;
      }
    });
  } catch (error) {
    if (!lost || !(error instanceof GatewayError) || !error.retriable) throw error;
    throw withRemark(error, ifUnsure);
  }
}

/** Whether a refusal leaves open what became of the change: so answers a coordinator that has written it, and loses the group before others have it. */
const mayHold = (refusal: unknown): boolean =>
  refusal instanceof GatewayError &&
  refusal.cause instanceof KafkaAnswer &&
  (refusal.cause.code === COORDINATOR_NOT_AVAILABLE || refusal.cause.code === NOT_COORDINATOR);

/** Remembers the coordinator of groups, which the brokers that list them have told, to save looking it up. */
export function rememberCoordinator(cluster: Cluster, groups: readonly string[], id: number, address: string): void {
  for (const group of groups) remember(cluster, group, { id, address, inDoubt: false });
}

function doubt(cluster: Cluster, group: string): void {
  const known = coordinators.of(cluster).get(group);
  if (known !== undefined) known.inDoubt = true;
}

async function coordinatorOf(cluster: Cluster, group: string): Promise<Coordinator> {
  const before = coordinators.of(cluster).get(group);
  if (before?.inDoubt === false) return before;

  const connection = await cluster.anyBroker();
  try {
    const { error, id, host, port } = await connection.send(findCoordinator(group), ANSWER_MS);
    cluster.trust(connection.address);
    if (error !== NONE) throw kafkaError(error);
    const address = `${host}:${port}`;
    if (before !== undefined && before.address !== address) {
      log.debug('coordinator_moved', 'A consumer group has another coordinator', () => ({ group, from: before.address, to: address }));
    }
    return remember(cluster, group, { id, address, inDoubt: false });
  } catch (cause) {
    if (connection.closed) cluster.suspect(connection.address);
    throw cause;
  }
}

function remember(cluster: Cluster, group: string, coordinator: Coordinator): Coordinator {
  coordinators.of(cluster).set(group, coordinator);
  return coordinator;
}
