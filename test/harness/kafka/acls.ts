import kafkajs, { type AclEntry, type Admin } from 'kafkajs';
import { until } from '../until.ts';

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
