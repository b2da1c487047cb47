import { expires, pauseBefore, sleep } from '../../deadline.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { atDeadline, isFinal } from '../failures.ts';
import { prepare } from './prepare.ts';
import { queueTopics } from './queue-topics.ts';
import { MARGIN_MS, type Received, type ReceiveOptions, Receiving } from './receiving.ts';

/**
 * Acquires records of a share group. Each receive is a member of its own, with a session at every leader that gives it something, so
 * that whoever settles needs none of what this process knows. Leaders are asked for shares of what is wanted, at the same time, so that
 * nothing is acquired in vain: whatever is given back counts as delivered.
 *
 * @throws {GatewayError} NotSupported, TopicNotFound, Forbidden; KafkaUnavailable when no leader could be asked …
 */
export async function receive(cluster: Cluster, group: string, options: ReceiveOptions): Promise<Received> {
  const { topics: names, deadline } = options;
  const waitUntil = Math.min(Date.now() + options.waitMs, deadline - MARGIN_MS);
  const receiving = new Receiving(cluster, group, options);
  try {
    for (let round = 0, tries = 0, asOf = 0; ; round++) {
      const topics = await queueTopics(cluster, names, deadline, asOf);
      asOf = 0;
      if (!(await prepare(cluster, group, topics, deadline))) break;
      const asking = receiving.round(topics, waitUntil, round);
      if (await expires(asking, deadline)) throw atDeadline(null);
      const failure = await asking;
      if (failure !== null && isFinal(failure)) throw failure;
      if (receiving.count > 0 && (receiving.isFull || receiving.isIdle || failure !== null)) break;
      if (Date.now() >= waitUntil && (receiving.count > 0 || receiving.hasAskedAll)) {
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
  }
}
