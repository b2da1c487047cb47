import type { ClusterDescription } from '../../../kafka/topics/describe-cluster.ts';
import { configSources, type PartitionMetadata, type TopicConfig } from '../../../kafka/topics/describe-topics.ts';
import { type Resource, type ResourceList, ResourceMaker } from './resource-maker.ts';

/** The parts of a topic that v3 shows. */
export interface ShownTopic {
  name: string;
  internal: boolean;
  partitions: readonly Pick<PartitionMetadata, 'replicas'>[];
}

/**
 * The resources of v3, each with its `kind`, its own URL and those of its parts. They have all members of the REST Proxy's, even links to
 * what this gateway does not serve: clients expect them.
 */
export class Resources extends ResourceMaker {
  /** The cluster, as a list of one. */
  clusters(cluster: ClusterDescription): ResourceList {
    return { kind: 'KafkaClusterList', metadata: { self: this.base, next: null }, data: [this.cluster(cluster)] };
  }

  cluster({ controller }: ClusterDescription): Resource {
    return this.resource('KafkaCluster', [], [], {
      ...(controller !== null && { controller: this.related('brokers', controller) }),
      acls: this.related('acls'),
      brokers: this.related('brokers'),
      broker_configs: this.related('broker-configs'),
      consumer_groups: this.related('consumer-groups'),
      topics: this.related('topics'),
      partition_reassignments: this.related('topics', '-', 'partitions', '-', 'reassignment'),
    });
  }

  brokers(ids: readonly number[]): ResourceList {
    return this.list(
      'KafkaBrokerList',
      ['brokers'],
      ids.map((id) => this.broker(id)),
    );
  }

  /** Broker addresses belong to an internal network: callers do not get them. */
  broker(id: number): Resource {
    return this.resource('KafkaBroker', ['brokers', id], ['broker', id], {
      broker_id: id,
      host: null,
      port: null,
      rack: null,
      configs: this.related('brokers', id, 'configs'),
      partition_replicas: this.related('brokers', id, 'partition-replicas'),
    });
  }

  topics(topics: readonly ShownTopic[]): ResourceList {
    return this.list(
      'KafkaTopicList',
      ['topics'],
      topics.map((topic) => this.topic(topic)),
    );
  }

  topic({ name, internal, partitions }: ShownTopic): Resource {
    return this.resource('KafkaTopic', ['topics', name], ['topic', name], {
      topic_name: name,
      is_internal: internal,
      replication_factor: Math.max(0, ...partitions.map(({ replicas }) => replicas.length)),
      partitions_count: partitions.length,
      partitions: this.related('topics', name, 'partitions'),
      configs: this.related('topics', name, 'configs'),
      partition_reassignments: this.related('topics', name, 'partitions', '-', 'reassignment'),
      authorized_operations: [],
    });
  }

  configs(topic: string, configs: readonly TopicConfig[]): ResourceList {
    return this.list(
      'KafkaTopicConfigList',
      ['topics', topic, 'configs'],
      configs.map((config) => this.config(topic, config)),
    );
  }

  config(topic: string, { name, value, readOnly, sensitive, source, synonyms }: TopicConfig): Resource {
    return this.resource('KafkaTopicConfig', ['topics', topic, 'configs', name], ['topic', topic, 'config', name], {
      topic_name: topic,
      name,
      value,
      is_default: sourceName(source) === 'DEFAULT_CONFIG',
      is_read_only: readOnly,
      is_sensitive: sensitive,
      source: sourceName(source),
      synonyms: synonyms.map((synonym) => ({ name: synonym.name, value: synonym.value, source: sourceName(synonym.source) })),
    });
  }

  partitions(topic: string, partitions: readonly PartitionMetadata[]): ResourceList {
    return this.list(
      'KafkaPartitionList',
      ['topics', topic, 'partitions'],
      partitions.map((partition) => this.partition(topic, partition)),
    );
  }

  partition(topic: string, { id, leader }: PartitionMetadata): Resource {
    const path = ['topics', topic, 'partitions', id] as const;
    return this.resource('KafkaPartition', path, ['topic', topic, 'partition', id], {
      topic_name: topic,
      partition_id: id,
      ...(leader >= 0 && { leader: this.related(...path, 'replicas', leader) }),
      replicas: this.related(...path, 'replicas'),
      reassignment: this.related(...path, 'reassignment'),
    });
  }

  replicas(topic: string, partition: PartitionMetadata): ResourceList {
    return this.list(
      'KafkaReplicaList',
      ['topics', topic, 'partitions', partition.id, 'replicas'],
      partition.replicas.map((broker) => this.replica(topic, partition, broker)),
    );
  }

  replica(topic: string, { id, leader, inSyncReplicas }: PartitionMetadata, broker: number): Resource {
    const path = ['topics', topic, 'partitions', id, 'replicas', broker];
    return this.resource('KafkaReplica', path, ['topic', topic, 'partition', id, 'replica', broker], {
      topic_name: topic,
      partition_id: id,
      broker_id: broker,
      is_leader: broker === leader,
      is_in_sync: inSyncReplicas.includes(broker),
      broker: this.related('brokers', broker),
    });
  }
}

const sourceName = (source: number): string => configSources[source] ?? 'UNKNOWN';
