import { expires, pauseBefore, sleep } from '../../deadline.ts';
import { GatewayError } from '../../errors.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { atDeadline, isFinal } from '../failures.ts';
import { prepare } from './prepare.ts';
import { queueTopics } from './queue-topics.ts';
import type { Received } from './received.ts';
import { LAST_WAIT_MS, type ReceiveOptions, Receiving } from './receiving.ts';

/** How long to look for leaders and for the set-up of the group at least, however short the wait for records is. */
const READY_MS = 10_000;

/**
 * Acquires records of a share group. Each receive is a member of its own, with a session at every leader that delivers something, so that
 * any process can settle the records without knowing anything of this one. All leaders are asked at the same time, each for a share of
 * what is wanted, so that nothing is acquired in vain: whatever is given back counts as delivered.
 *
 * No leader is asked before the coordinator says that the group is set up, though one may have records: the coordinator might then set the
 * group up a second time, and everything settled meanwhile would come again.
 *
 * @throws {GatewayError} NotSupported, TopicNotFound, Forbidden; KafkaUnavailable or DeadlineExceeded when neither the coordinator nor a
 *   leader could be asked …
 */
export async function receive(cluster: Cluster, group: string, options: ReceiveOptions): Promise<Received> {
  const { topics: names, deadline, gone } = options;
  const beganAt = Date.now();
  // A request with little time may use half of it to look.
  const latest = Math.max(deadline - LAST_WAIT_MS, (beganAt + deadline) / 2);
  const waitUntil = Math.min(beganAt + options.waitMs, latest);
  const readyBy = Math.min(Math.max(waitUntil, beganAt + READY_MS), latest);
  const receiving = new Receiving(cluster, group, options);
  const abandon = () => receiving.abandon();
  gone?.addEventListener('abort', abandon);
  try {
    let failed: GatewayError | null = null;
    for (let round = 0, tries = 0, asOf = 0; ; round++) {
      const topics = await queueTopics(cluster, names, readyBy, asOf).catch(passing);
      if (topics instanceof GatewayError && receiving.hasHeard) break;
      if (topics instanceof GatewayError) throw failed ?? topics;
      asOf = 0;
      const prepared = await prepare(cluster, group, topics, readyBy).catch(passing);
      if (prepared instanceof GatewayError && !receiving.hasHeard) throw prepared;
      if (prepared !== true) break;
      const asking = receiving.round(topics, waitUntil, round);
      if (await expires(asking, deadline)) throw atDeadline(null, deadline);
      const failure = await asking;
      if (gone?.aborted) return receiving.abandon();
      failed = failure;
      if (failure !== null && isFinal(failure)) throw failure;
      if (receiving.count > 0 && (receiving.isFull || receiving.isIdle || failure !== null)) break;
      const now = Date.now();
      const isAnswered = receiving.hasAskedAll && (failure === null || receiving.hasHeard || receiving.isUsedUp);
      if (now >= waitUntil && (receiving.count > 0 || isAnswered || now >= readyBy)) {
        if (failure !== null && !receiving.hasHeard) throw failure;
        break;
      }
      if (failure === null) tries = 0;
      else {
        await sleep(pauseBefore(++tries));
        asOf = Date.now();
      }
    }
    return await receiving.end();
  } catch (error) {
    receiving.abandon();
    throw error;
  } finally {
    gone?.removeEventListener('abort', abandon);
  }
}

/**
 * The error, if it only keeps Kafka from answering for the moment.
 *
 * @throws errors that no retry mends
 */
function passing(error: unknown): GatewayError {
  if (!(error instanceof GatewayError) || (isFinal(error) && error.name !== 'DeadlineExceeded')) throw error;
  return error;
}
