import { aliasId } from './alias.ts';
import { onlyIf, type Resource, ref } from './cloudformation.ts';
import type { Environment } from './environment.ts';
import { scheduleOf } from './schedule.ts';

/**
 * What invokes the function `deliver`: a schedule each minute, and, for topics of GATEWAY_PUSH_WAKE_TOPICS, Lambda's own pollers, which
 * watch Kafka and invoke it sooner. The framework's Kafka events cannot limit retries, so this code writes the mappings.
 */
export function pushResources(environment: Environment): Record<string, Resource> {
  const topics = (environment.GATEWAY_PUSH_WAKE_TOPICS ?? '').split(',').map((topic) => topic.trim());
  const sources = topics.filter(Boolean).map((topic, i): [string, Resource] => [`DeliverSource${i + 1}`, sourceOf(topic, environment)]);
  return { ...scheduleOf('deliver'), ...Object.fromEntries(sources) };
}

/**
 * A mapping of Lambda's Kafka event source in provisioned mode. Its events only tell the function to look: the subscription's own group has
 * the positions. So Lambda soon gives up a failed event, and the schedule makes up for it.
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

/** Lambda's names of the mechanisms; it has none for OAUTHBEARER. */
function accessOf(mechanism: string): string {
  const found = /^SCRAM-SHA-(256|512)$/i.exec(mechanism);
  return found === null ? 'BASIC_AUTH' : `SASL_SCRAM_${found[1]}_AUTH`;
}
