import { Table } from '../aws/dynamodb.ts';
import type { Cluster } from '../kafka/cluster/cluster.ts';
import type { Coordinator } from '../kafka/groups/membership/coordinator.ts';
import { DynamoDbGroups } from './group-store.ts';
import { StoredCoordinator } from './stored-coordinator.ts';

/** The group that a request is for. */
export interface AskedGroup {
  readonly cluster: Cluster;
  readonly group: string;
  /** Unix milliseconds. */
  readonly deadline: number;
  /** Whether the credentials of the cluster are the caller's. */
  readonly asCaller: boolean;
}

/** Keeps consumers in the DynamoDB table of that name: for deployments with `GATEWAY_CONSUMERS=dynamodb`. */
export const storedCoordinator = (table: string, { cluster, group, deadline, asCaller }: AskedGroup): Coordinator =>
  new StoredCoordinator(new DynamoDbGroups(new Table(table)), cluster, group, deadline, asCaller);
