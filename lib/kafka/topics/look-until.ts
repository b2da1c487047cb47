import { expires, POLL_MS, sleep } from '../../deadline.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { connectionError, isFinal } from '../failures.ts';
import type { TopicMetadata } from '../protocol/metadata.ts';

const PAUSE_MS = 20;

/**
 * Looks at a topic until it is as a change has left it. Stops when the time is over, or when an error says that no further look helps: the
 * change is made, and will be seen.
 *
 * @param deadline Unix milliseconds
 * @returns the topic as it was last seen; undefined if it was not
 */
export async function lookUntil(
  cluster: Cluster,
  name: string,
  deadline: number,
  isSeen: (topic: TopicMetadata | undefined) => boolean,
): Promise<TopicMetadata | undefined> {
  let topic: TopicMetadata | undefined;
  while (Date.now() + POLL_MS < deadline) {
    try {
      const asking = cluster.metadata([name]);
      if (await expires(asking, deadline)) break;
      const { topics } = await asking;
      topic = topics.find((one) => one.name === name);
      if (isSeen(topic)) break;
    } catch (error) {
      if (isFinal(connectionError(error))) break;
    }
    await sleep(PAUSE_MS);
  }
  return topic;
}
