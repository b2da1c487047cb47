import kafkajs, { type AclEntry, type Admin, Kafka, logLevel } from 'kafkajs';
import { type Broker, startBroker } from '../../../infra/local/broker.ts';
import { users } from '../../../infra/local/properties.ts';
import { until } from '../until.ts';

/**
 * Starts a broker that lets its users do what ACLs say, and its admin everything.
 *
 * @param prepare makes topics and ACLs, as the admin
 */
export async function startBrokerWithAcls(prepare: (admin: Admin) => Promise<void>): Promise<Broker> {
  const broker = await startBroker({ listeners: ['SASL_PLAINTEXT'], acls: true });
  const sasl = { mechanism: 'plain', username: 'admin', password: users.admin } as const;
  const admin = new Kafka({ brokers: [broker.bootstrapServers], sasl, logLevel: logLevel.NOTHING }).admin();
  try {
    await admin.connect();
    await prepare(admin);
    return broker;
  } catch (error) {
    await broker.stop();
    throw error;
  } finally {
    await admin.disconnect();
  }
}

/** An ACL that allows an operation on one topic or group, or on all whose names begin so. */
export const allow = (
  resource: 'TOPIC' | 'GROUP',
  resourceName: string,
  operation: keyof typeof kafkajs.AclOperationTypes,
  { principal = 'User:alice', isPrefix = false } = {},
): AclEntry => ({
  resourceType: kafkajs.AclResourceTypes[resource],
  resourceName,
  resourcePatternType: kafkajs.ResourcePatternTypes[isPrefix ? 'PREFIXED' : 'LITERAL'],
  ...{ principal, host: '*', operation: kafkajs.AclOperationTypes[operation], permissionType: kafkajs.AclPermissionTypes.ALLOW },
});

/** Adds ACLs, and waits until the broker applies them: the controller answers before the broker knows them. */
export async function addAcls(admin: Admin, acl: AclEntry[]): Promise<void> {
  await admin.createAcls({ acl });
  const { AclResourceTypes, ResourcePatternTypes, AclOperationTypes, AclPermissionTypes } = kafkajs;
  const any = {
    resourceType: AclResourceTypes.ANY,
    resourcePatternType: ResourcePatternTypes.ANY,
    operation: AclOperationTypes.ANY,
    permissionType: AclPermissionTypes.ANY,
  };
  await until(async () => {
    const { resources } = await admin.describeAcls(any);
    const known = resources.flatMap(({ acls, ...resource }) => acls.map((one) => ({ ...resource, ...one })));
    return acl.every((wanted) => known.some((one) => isSame(one, wanted)));
  });
}

const isSame = (one: AclEntry, other: AclEntry): boolean =>
  one.resourceType === other.resourceType &&
  one.resourceName === other.resourceName &&
  one.resourcePatternType === other.resourcePatternType &&
  one.principal === other.principal &&
  one.operation === other.operation;
