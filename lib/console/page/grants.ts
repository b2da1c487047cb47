/** A grant, as `GET /whoami` returns it. */
export interface Grant {
  operations: readonly string[];
  topics: readonly string[];
  consumer_groups: readonly string[];
}

/** Whether one of the grants allows an operation on a topic or a consumer group: names are exact, or end in `*`. */
export const isGranted = (grants: readonly Grant[], operation: string, resource: 'topics' | 'consumer_groups', name: string): boolean =>
  grants.some(
    (grant) =>
      grant.operations.some((given) => given === operation || given === '*') &&
      grant[resource].some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern)),
  );
