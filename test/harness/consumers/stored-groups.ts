import { keyOfGroup } from '../../../lib/consumers/group-store.ts';
import { StoredGroup } from '../../../lib/consumers/stored-group.ts';
import type { FakeDynamoDb } from '../aws/fake-dynamodb.ts';
import { kafkaClient } from '../kafka/topics.ts';

/** Changes the item of a group directly, without the gateway. */
export async function changeItem(dynamodb: FakeDynamoDb, kafka: string, name: string, change: (group: StoredGroup) => void): Promise<void> {
  const admin = kafkaClient(kafka).admin();
  await admin.connect();
  const { clusterId } = await admin.describeCluster().finally(() => admin.disconnect());
  const key = keyOfGroup(clusterId, name);
  const item = dynamodb.table.items.get(key);
  const group = new StoredGroup(item?.state?.S ?? null);
  change(group);
  dynamodb.table.items.set(key, { ...item, v: { N: String(Number(item?.v?.N) + 1) }, state: { S: group.toText() } });
}

/** Ends the sessions of members, by default of all, as if they had been silent for a minute. */
export const endStoredSessions = (dynamodb: FakeDynamoDb, kafka: string, group: string, names?: readonly string[]): Promise<void> =>
  changeItem(dynamodb, kafka, group, ({ members }) => {
    for (const [name, member] of members) if (names?.includes(name) ?? true) members.set(name, { ...member, until: Date.now() - 10_000 });
  });
