import assert from 'node:assert/strict';
import type { RouteKey } from '../../lib/http/api.ts';
import { judgeErrorCode, judgeMessage } from './message.ts';
import { anything, boolean, count, either, exactly, list, matching, nullable, object, offset, type Shape, text } from './shape.ts';

const address = matching(/^(https?:\/\/[^/]+)?\/v3\/clusters[!-~]*$/);
const link = object({ related: address });

/** A resource: with its own address, its name, the cluster's id, and what else it has. */
const resource = (kind: string, members: Record<string, Shape>, optional: Record<string, Shape> = {}): Shape =>
  object(
    {
      kind: exactly(kind),
      metadata: object({ self: address, resource_name: matching(/^crn:\/\/\/kafka=[!-~]+$/) }),
      cluster_id: text,
      ...members,
    },
    optional,
  );

const listOf = (kind: string, of: Shape): Shape =>
  object({ kind: exactly(kind), metadata: object({ self: address, next: exactly(null) }), data: list(of) });

const cluster = resource(
  'KafkaCluster',
  { acls: link, brokers: link, broker_configs: link, consumer_groups: link, topics: link, partition_reassignments: link },
  { controller: link },
);
const nothing = exactly(null);
const broker = resource('KafkaBroker', {
  ...{ broker_id: count, host: nothing, port: nothing, rack: nothing },
  ...{ configs: link, partition_replicas: link },
});
const topic = resource('KafkaTopic', {
  ...{ topic_name: text, is_internal: boolean, replication_factor: count, partitions_count: count },
  ...{ partitions: link, configs: link, partition_reassignments: link, authorized_operations: list(text) },
});
const group = resource('KafkaConsumerGroup', {
  ...{ consumer_group_id: text, is_simple: boolean, partition_assignor: text, state: matching(/^[A-Z_]+$/) },
  ...{ type: matching(/^(CLASSIC|CONSUMER|SHARE)$/), is_mixed_consumer_group: boolean },
  ...{ coordinator: link, consumers: link, lag_summary: link },
});
const consumer = resource('KafkaConsumer', {
  ...{ consumer_group_id: text, consumer_id: text, instance_id: nullable(text), client_id: text, assignments: link },
});
const assignment = resource('KafkaConsumerAssignment', {
  ...{ consumer_group_id: text, consumer_id: text, topic_name: text, partition_id: count, partition: link, lag: link },
});
const lag = resource('KafkaConsumerLag', {
  ...{ consumer_group_id: text, topic_name: text, partition_id: count, consumer_id: text, instance_id: nullable(text), client_id: text },
  ...{ current_offset: offset, log_end_offset: offset, lag: count },
});
const lagSummary = resource('KafkaConsumerGroupLagSummary', {
  ...{ consumer_group_id: text, max_lag_consumer_id: text, max_lag_instance_id: nullable(text), max_lag_client_id: text },
  ...{ max_lag_topic_name: text, max_lag_partition_id: count, max_lag: count, total_lag: count },
  ...{ max_lag_consumer: link, max_lag_partition: link },
});
const config = resource('KafkaTopicConfig', {
  ...{ topic_name: text, name: text, value: nullable(text), is_default: boolean, is_read_only: boolean, is_sensitive: boolean },
  ...{ source: text, synonyms: list(object({ name: text, value: nullable(text), source: text })) },
});
const partition = resource(
  'KafkaPartition',
  { topic_name: text, partition_id: count, replicas: link, reassignment: link },
  { leader: link },
);
const replica = resource('KafkaReplica', {
  ...{ topic_name: text, partition_id: count, broker_id: count, is_leader: boolean, is_in_sync: boolean, broker: link },
});

const data = object({ type: matching(/^(BINARY|JSON|STRING)$/), size: count });
const written = {
  ...{ cluster_id: text, topic_name: text, partition_id: count, offset },
  timestamp: matching(/^[+\d-]+T[\d:.]+Z$/),
};
const sizes = { key: data, value: data };
const failed = { error_code: judgeErrorCode, message: judgeMessage };

/** A line of a stream's answer. */
const line = either('message', object(failed), object({ error_code: exactly(200), ...written }, sizes));

/** The answer to a stream: a line for every record, of which there is at least one. */
export function judgeLines(body: string): void {
  assert.ok(body.endsWith('\r\n'), body);
  for (const [i, one] of body.slice(0, -2).split('\r\n').entries()) line(JSON.parse(one), `line ${i}`);
}

/** JSON that the routes of version 3 of the API answer with. */
export const v3Successes: { readonly [Key in RouteKey]?: Shape } = {
  'GET /v3/clusters': listOf('KafkaClusterList', cluster),
  'GET /v3/clusters/{cluster}': cluster,
  'GET /v3/clusters/{cluster}/brokers': listOf('KafkaBrokerList', broker),
  'GET /v3/clusters/{cluster}/brokers/{broker}': broker,
  'GET /v3/clusters/{cluster}/consumer-groups': listOf('KafkaConsumerGroupList', group),
  'GET /v3/clusters/{cluster}/consumer-groups/{group}': group,
  'GET /v3/clusters/{cluster}/consumer-groups/{group}/consumers': listOf('KafkaConsumerList', consumer),
  'GET /v3/clusters/{cluster}/consumer-groups/{group}/consumers/{consumer}': consumer,
  'GET /v3/clusters/{cluster}/consumer-groups/{group}/consumers/{consumer}/assignments': listOf('KafkaConsumerAssignmentList', assignment),
  'GET /v3/clusters/{cluster}/consumer-groups/{group}/consumers/{consumer}/assignments/{topic}/partitions/{partition}': assignment,
  'GET /v3/clusters/{cluster}/consumer-groups/{group}/lag-summary': lagSummary,
  'GET /v3/clusters/{cluster}/consumer-groups/{group}/lags': listOf('KafkaConsumerLagList', lag),
  'GET /v3/clusters/{cluster}/consumer-groups/{group}/lags/{topic}/partitions/{partition}': lag,
  'GET /v3/clusters/{cluster}/topics': listOf('KafkaTopicList', topic),
  'POST /v3/clusters/{cluster}/topics': topic,
  'GET /v3/clusters/{cluster}/topics/{topic}': topic,
  'DELETE /v3/clusters/{cluster}/topics/{topic}': anything,
  'GET /v3/clusters/{cluster}/topics/{topic}/configs': listOf('KafkaTopicConfigList', config),
  'GET /v3/clusters/{cluster}/topics/{topic}/configs/{config}': config,
  'GET /v3/clusters/{cluster}/topics/{topic}/partitions': listOf('KafkaPartitionList', partition),
  'GET /v3/clusters/{cluster}/topics/{topic}/partitions/{partition}': partition,
  'GET /v3/clusters/{cluster}/topics/{topic}/partitions/{partition}/replicas': listOf('KafkaReplicaList', replica),
  'GET /v3/clusters/{cluster}/topics/{topic}/partitions/{partition}/replicas/{broker}': replica,
  'POST /v3/clusters/{cluster}/topics/{topic}/records': anything,
  'POST /v3/clusters/{cluster}/topics/{topic}/records:batch': object({
    successes: list(object({ id: text, ...written }, sizes)),
    failures: list(object({ id: text, ...failed })),
  }),
};
