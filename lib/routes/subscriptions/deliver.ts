import type { Context } from 'aws-lambda';
import { systemClock } from '../../clock.ts';
import { gatewayCluster } from '../../clusters/kafka-cluster.ts';
import { freshConfiguration } from '../../config/fresh-configuration.ts';
import { logConfig } from '../../config/log.ts';
import { metricsConfig } from '../../config/metrics.ts';
import { tracingConfig } from '../../config/tracing.ts';
import { isObject } from '../../json/json-members.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { deliveryMembers } from '../../metrics/delivery-emf.ts';
import { Runner } from '../../push/delivery/runner.ts';
import { newTally } from '../../push/delivery/tally.ts';
import type { Subscription } from '../../push/subscription/subscription.ts';
import { log } from '../../telemetry/log.ts';
import { topicPattern } from '../../topic-pattern/topic-pattern.ts';
import { OwnTrace } from '../traced/own-trace.ts';
import { grantedTopics, mayBeDelivered } from './granted-topics.ts';
import { KafkaLog } from './kafka-log.ts';
import { pushTools } from './push-tools.ts';
import { tracedDeliveries } from './traced-deliveries.ts';

/** The response to Lambda's Kafka event source: it need not send anything of the batch again. */
export interface DeliverResult {
  batchItemFailures: [];
}

/** A Lambda handler that delivers all pending records. */
export type DeliverHandler = (event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<DeliverResult>;

/** Reserved at the end of an invocation, when no new attempt begins: an endpoint may take 15 s, and the result has to be stored. */
const MARGIN_MS = 20_000;

/**
 * Makes the handler of deliveries. Any event only triggers it: deliveries continue from the committed offsets. For an event of Kafka's, it
 * serves the subscriptions to the event's topics, and ends when nothing is pending. It logs why it cannot deliver at all, and rejects.
 */
export function deliverSubscriptions(): DeliverHandler {
  return async (event, context) => {
    try {
      return await deliver(event, context);
    } catch (error) {
      log.error('subscriptions_unavailable', 'Subscriptions cannot be delivered at the moment', { error });
      throw error;
    }
  };
}

const deliver: DeliverHandler = async (event, context) => {
  await freshConfiguration();
  logConfig();
  const { config, store, post, secretsOf } = pushTools();
  const settings = metricsConfig();
  tracingConfig();
  const trace = OwnTrace.begin('deliver');
  const cluster = gatewayCluster();
  const tally = newTally();
  const runner = new Runner({
    ...{ store, post, clock: systemClock, tally, around: trace === null ? undefined : tracedDeliveries(trace) },
    secretsOf: ({ definition }) => secretsOf(definition),
    logOf: (subscription, lease) => new KafkaLog(cluster, subscription, () => topicsNow(cluster, subscription), lease),
    mayDeliver: ({ owner }, topic) => mayBeDelivered(owner, topic),
  });
  const topics = topicsIn(event);
  const until = Date.now() + Math.max(1000, context.getRemainingTimeInMillis() - MARGIN_MS);
  if (topics === null) await runner.run(until, config.whileIdle);
  else await runner.run(until, false, (subscription) => isAbout(subscription, topics));
  const { waiting, ...counted } = tally;
  const spansDropped = await trace?.end();
  const counts = { ...counted, waiting: [...waiting.values()].reduce((sum, records) => sum + records, 0) };
  log.info(
    'deliveries',
    'Subscriptions were delivered',
    { ...counts, spansDropped },
    settings.emf ? deliveryMembers(counts, settings, Date.now()) : '',
  );
  return { batchItemFailures: [] };
};

/** Grants may change while a process delivers, which lasts longer than any request. */
async function topicsNow(cluster: Cluster, subscription: Subscription): Promise<readonly string[]> {
  await freshConfiguration();
  return grantedTopics(cluster, subscription);
}

/** The topics of an event of Lambda's Kafka event source, whose `records` are lists by `topic-partition`; null for any other event. */
function topicsIn(event: unknown): readonly string[] | null {
  if (!isObject(event) || !isObject(event.records)) return null;
  return [...new Set(Object.keys(event.records).map((key) => key.replace(/-\d+$/, '')))];
}

function isAbout({ definition }: Subscription, topics: readonly string[]): boolean {
  if (definition.topics_pattern === null) return definition.topics.some((topic) => topics.includes(topic));
  return topics.some(topicPattern(definition.topics_pattern));
}
