/** What the Kafka that requests are for knows, and what it may come to know by them. */
export interface Known {
  /** Topics that there are, and stay. */
  there: readonly string[];
  /** Topics that requests may create, and delete. */
  added: readonly string[];
  /** Consumer groups that requests may come to have, and delete. */
  groups: readonly string[];
  /** The cluster's id. */
  cluster: string;
  /** Ids of the brokers. */
  brokers: readonly number[];
}
