import { withAdmin } from '../../../harness/kafka/topics.ts';
import { authorize } from '../authorization.ts';

/** Properties of a broker that allows only what ACLs allow, to all but those who come over PLAINTEXT, as these tests do to set them. */
export const aclsButForPlaintext = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'allow.everyone.if.no.acl.found': 'false',
  'super.users': 'User:admin;User:ANONYMOUS',
};

/** As {@link authorize}, over a PLAINTEXT listener. */
export const authorizeAt = (plaintext: string, principal: string): Promise<void> =>
  withAdmin(plaintext, (admin) => authorize(admin, principal));
