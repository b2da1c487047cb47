import { aliasId } from './alias.ts';
import { onlyIf, type Resource, ref } from './cloudformation.ts';
import type { Environment } from './environment.ts';
import { scheduleOf } from './schedule.ts';

/**
 * What wakes the function `deliver`: a clock each minute, and, for topics of GATEWAY_PUSH_WAKE_TOPICS, Lambda's own pollers, which look at
 * Kafka all the time and have it wake sooner. The framework's Kafka events know neither retries nor their end, so these are written here.
 */
export function pushResources(environment: Environment): Record<string, Resource> {
  const topics = (environment.GATEWAY_PUSH_WAKE_TOPICS ?? '').split(',').map((topic) => topic.trim());
  const sources = topics.filter(Boolean).map((topic, i): [string, Resource] => [`DeliverSource${i + 1}`, sourceOf(topic, environment)]);
  return { ...scheduleOf('deliver'), ...Object.fromEntries(sources) };
}

/**
 * A mapping of Lambda's Kafka event source in provisioned mode. What it brings is a reason to look, and no more: the subscription's own
 * group has the positions. So what fails is soon let go, and the clock is behind it.
 */
const sourceOf = (
  topic: string,
  { KAFKA_BOOTSTRAP_SERVERS = '', KAFKA_MSK_CLUSTER_ARN, KAFKA_SASL_MECHANISM = '' }: Environment,
): Resource => ({
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: {
    FunctionName: ref(aliasId('deliver')),
    Topics: [topic],
    StartingPosition: 'LATEST',
    BatchSize: 100,
    MaximumBatchingWindowInSeconds: 0,
    MaximumRetryAttempts: 1,
    MaximumRecordAgeInSeconds: 60,
    BisectBatchOnFunctionError: false,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ProvisionedPollerConfig: { MinimumPollers: 1, MaximumPollers: 1 },
    ...(KAFKA_MSK_CLUSTER_ARN
      ? { EventSourceArn: KAFKA_MSK_CLUSTER_ARN }
      : { SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: KAFKA_BOOTSTRAP_SERVERS.split(',') } } }),
    SourceAccessConfigurations: onlyIf('HasSecret', [{ Type: accessOf(KAFKA_SASL_MECHANISM), URI: ref('KafkaSecretId') }]),
  },
});

/** How Lambda names the mechanisms; it has none for OAUTHBEARER. */
function accessOf(mechanism: string): string {
  const found = /^SCRAM-SHA-(256|512)$/i.exec(mechanism);
  return found === null ? 'BASIC_AUTH' : `SASL_SCRAM_${found[1]}_AUTH`;
}
