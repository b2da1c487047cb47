import type { GroupMember, NamedGroup } from '../../../kafka/groups/groups.ts';
import { type GroupOffset, lagBetween } from '../../../kafka/groups/lag.ts';
import { type Resource, type ResourceList, ResourceMaker } from '../../topics/v3/resource-maker.ts';

/** The position of a group in a partition, and the member that reads it, if any. */
export interface Lag extends Pick<GroupOffset, 'topic' | 'partition' | 'offset'> {
  /** The offset of the next record to be written. */
  end: number;
  member: GroupMember | null;
}

/** A partition that a member reads. */
interface Assignment {
  topic: string;
  partition: number;
}

/** Consumer groups as v3 of the API shows them, with all members that the REST Proxy has. */
export class GroupResources extends ResourceMaker {
  groups(groups: readonly NamedGroup[]): ResourceList {
    return this.list(
      'KafkaConsumerGroupList',
      ['consumer-groups'],
      groups.map((group) => this.group(group)),
    );
  }

  group({ group, type, state, protocolType, protocol, mixed, coordinator }: NamedGroup): Resource {
    const path = ['consumer-groups', group] as const;
    return this.resource('KafkaConsumerGroup', path, ['consumer-group', group], {
      consumer_group_id: group,
      is_simple: protocolType === '',
      partition_assignor: protocol,
      state: screaming(state),
      type: type.toUpperCase(),
      is_mixed_consumer_group: mixed,
      coordinator: this.related('brokers', coordinator),
      consumers: this.related(...path, 'consumers'),
      lag_summary: this.related(...path, 'lag-summary'),
    });
  }

  consumers(group: string, members: readonly GroupMember[]): ResourceList {
    return this.list(
      'KafkaConsumerList',
      ['consumer-groups', group, 'consumers'],
      members.map((member) => this.consumer(group, member)),
    );
  }

  consumer(group: string, { memberId, instanceId, clientId }: GroupMember): Resource {
    const path = ['consumer-groups', group, 'consumers', memberId] as const;
    return this.resource('KafkaConsumer', path, ['consumer-group', group, 'consumer', memberId], {
      consumer_group_id: group,
      consumer_id: memberId,
      instance_id: instanceId,
      client_id: clientId,
      assignments: this.related(...path, 'assignments'),
    });
  }

  assignments(group: string, consumer: string, assignments: readonly Assignment[]): ResourceList {
    return this.list(
      'KafkaConsumerAssignmentList',
      ['consumer-groups', group, 'consumers', consumer, 'assignments'],
      assignments.map((one) => this.assignment(group, consumer, one)),
    );
  }

  assignment(group: string, consumer: string, { topic, partition }: Assignment): Resource {
    const path = ['consumer-groups', group, 'consumers', consumer, 'assignments', topic, 'partitions', partition];
    const names = ['consumer-group', group, 'consumer', consumer, 'assignment', topic, 'partition', partition];
    return this.resource('KafkaConsumerAssignment', path, names, {
      consumer_group_id: group,
      consumer_id: consumer,
      topic_name: topic,
      partition_id: partition,
      partition: this.related('topics', topic, 'partitions', partition),
      lag: this.related('consumer-groups', group, 'lags', topic, 'partitions', partition),
    });
  }

  /** Sorted, the largest lag first. */
  lags(group: string, lags: readonly Lag[]): ResourceList {
    const largestFirst = lags.toSorted((a, b) => lagOf(b) - lagOf(a));
    return this.list(
      'KafkaConsumerLagList',
      ['consumer-groups', group, 'lags'],
      largestFirst.map((lag) => this.lag(group, lag)),
    );
  }

  lag(group: string, lag: Lag): Resource {
    const { topic, partition, offset, end, member } = lag;
    const path = ['consumer-groups', group, 'lags', topic, 'partitions', partition];
    return this.resource('KafkaConsumerLag', path, ['consumer-group', group, 'lag', topic, 'partition', partition], {
      consumer_group_id: group,
      topic_name: topic,
      partition_id: partition,
      consumer_id: member?.memberId ?? '',
      instance_id: member?.instanceId ?? null,
      client_id: member?.clientId ?? '',
      current_offset: offset,
      log_end_offset: end,
      lag: lagOf(lag),
    });
  }

  /** @param lags at least one; of several that are largest, the first is shown */
  lagSummary(group: string, lags: readonly [Lag, ...Lag[]]): Resource {
    const largest = lags.reduce((found, one) => (lagOf(one) > lagOf(found) ? one : found));
    const { topic, partition, member } = largest;
    const path = ['consumer-groups', group] as const;
    return this.resource('KafkaConsumerGroupLagSummary', [...path, 'lag-summary'], ['consumer-group', group, 'lag-summary'], {
      consumer_group_id: group,
      max_lag_consumer_id: member?.memberId ?? '',
      max_lag_instance_id: member?.instanceId ?? null,
      max_lag_client_id: member?.clientId ?? '',
      max_lag_topic_name: topic,
      max_lag_partition_id: partition,
      max_lag: lagOf(largest),
      total_lag: lags.reduce((sum, one) => sum + lagOf(one), 0),
      max_lag_consumer: this.related(...path, 'consumers', member?.memberId ?? ''),
      max_lag_partition: this.related('topics', topic, 'partitions', partition),
    });
  }
}

const lagOf = ({ offset, end }: Lag): number => lagBetween(offset, end);

/** A state as the REST Proxy writes it: `PREPARING_REBALANCE` for `PreparingRebalance`. */
const screaming = (state: string): string => state.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
