import { isWord, listOf } from '../../lib/config/environment-reader.ts';
import { aliasId } from './alias.ts';
import { onlyIf, type Resource, ref } from './cloudformation.ts';
import type { Environment } from './environment.ts';
import { scheduleOf } from './schedule.ts';

/**
 * What invokes the function `deliver`: a schedule each minute, and, for topics of GATEWAY_PUSH_WAKE_TOPICS, Lambda's own pollers, which
 * watch Kafka and invoke it sooner. The framework's Kafka events cannot limit retries, so this code writes the mappings.
 */
export function pushResources(environment: Environment): Record<string, Resource> {
  const sources = wakeTopicsOf(environment).map((topic, i): [string, Resource] => [`DeliverSource${i + 1}`, sourceOf(topic, environment)]);
  return { ...scheduleOf('deliver'), ...Object.fromEntries(sources) };
}

/** The topics whose records wake deliveries, each once: Lambda refuses a second mapping. */
export const wakeTopicsOf = ({ GATEWAY_PUSH_WAKE_TOPICS }: Environment): string[] => [...new Set(listOf(GATEWAY_PUSH_WAKE_TOPICS))];

/**
 * A mapping of Lambda's Kafka event source in provisioned mode. Its events only tell the function to look: the subscription's own group has
 * the positions. So Lambda soon gives up a failed event, and the schedule makes up for it.
 */
const sourceOf = (topic: string, environment: Environment): Resource => ({
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
    ...(environment.KAFKA_MSK_CLUSTER_ARN
      ? { EventSourceArn: environment.KAFKA_MSK_CLUSTER_ARN }
      : { SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: listOf(environment.KAFKA_BOOTSTRAP_SERVERS) } } }),
    SourceAccessConfigurations: accessTo(environment),
  },
});

/** How Lambda's pollers get to Kafka: by its credentials; and in a VPC by its network, which they know only of a cluster of Amazon MSK. */
function accessTo({ KAFKA_MSK_CLUSTER_ARN, KAFKA_SASL_MECHANISM, VPC_SUBNET_IDS, VPC_SECURITY_GROUP_IDS }: Environment): object {
  const network = KAFKA_MSK_CLUSTER_ARN
    ? []
    : [
        ...listOf(VPC_SUBNET_IDS).map((id) => ({ Type: 'VPC_SUBNET', URI: `subnet:${id}` })),
        ...listOf(VPC_SECURITY_GROUP_IDS).map((id) => ({ Type: 'VPC_SECURITY_GROUP', URI: `security_group:${id}` })),
      ];
  const Type = typeOf(KAFKA_SASL_MECHANISM);
  // The secret may have other credentials than those for Kafka.
  if (Type === null) return network.length === 0 ? ref('AWS::NoValue') : network;
  const credentials = { Type, URI: ref('KafkaSecretId') };
  return network.length === 0 ? onlyIf('HasSecret', [credentials]) : [...network, onlyIf('HasSecret', credentials)];
}

/** Lambda's name of a mechanism with user and password; null for others. */
function typeOf(mechanism = ''): string | null {
  if (isWord(mechanism, 'PLAIN')) return 'BASIC_AUTH';
  const found = /^SCRAM-SHA-(256|512)$/i.exec(mechanism.trim());
  return found === null ? null : `SASL_SCRAM_${found[1]}_AUTH`;
}

/**
 * What Lambda's pollers lack for a Kafka, after "Lambda's Kafka event source"; null if they can get to it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-kafka-configure.html
 */
export function wakeProblem({ KAFKA_SASL_MECHANISM, KAFKA_SECURITY_PROTOCOL, KAFKA_SECRET_ID, KAFKA_SSL_CA }: Environment): string | null {
  if (isWord(KAFKA_SASL_MECHANISM, 'OAUTHBEARER')) return 'does not know OAUTHBEARER: leave it out';
  if (isWord(KAFKA_SECURITY_PROTOCOL, 'SASL_PLAINTEXT')) return 'sends passwords over TLS only: leave it out';
  if (KAFKA_SSL_CA) return 'knows public CAs only, and not KAFKA_SSL_CA: leave out one of the two';
  const byName = typeOf(KAFKA_SASL_MECHANISM) !== null && !KAFKA_SECRET_ID?.trim().startsWith('arn:');
  return byName ? 'finds secrets by their ARN: set KAFKA_SECRET_ID to the whole ARN' : null;
}
