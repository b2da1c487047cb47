import { type ErrorName, GatewayError } from '../../errors.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { deleteGroup } from '../../kafka/groups/groups.ts';
import { createTopic } from '../../kafka/topics/create-topic.ts';
import { deleteTopic } from '../../kafka/topics/delete-topic.ts';
import { groupOf, replayGroupOf, retryTopicOf } from '../../push/subscription/subscription.ts';

/** Creates the topic of records that wait for another attempt, unless it is there. */
export async function createRetryTopic(cluster: Cluster, name: string, deadline: number): Promise<void> {
  const configs = { 'cleanup.policy': 'compact' };
  await unless('TopicExists', createTopic(cluster, { name: retryTopicOf(name), partitions: 1, replicationFactor: -1, configs }, deadline));
}

/** Deletes that topic with all its records. */
export async function deleteRetryTopic(cluster: Cluster, name: string, deadline: number): Promise<void> {
  await unless('TopicNotFound', deleteTopic(cluster, retryTopicOf(name), deadline));
}

/** Deletes the groups of a subscription's deliveries and of its replays. */
export async function deleteGroups(cluster: Cluster, name: string, deadline: number): Promise<void> {
  for (const group of [groupOf(name), replayGroupOf(name)]) await unless('GroupNotFound', deleteGroup(cluster, group, deadline));
}

/** Ignores an error that means that the work is already done. */
async function unless(error: ErrorName, done: Promise<unknown>): Promise<void> {
  try {
    await done;
  } catch (thrown) {
    if (!(thrown instanceof GatewayError) || thrown.name !== error) throw thrown;
  }
}
