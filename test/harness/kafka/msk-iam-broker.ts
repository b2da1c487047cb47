import { type Broker, startBroker } from '../../../infra/local/broker.ts';
import { javaClasses } from './java-classes.ts';

/** The keys of an AWS role, as in Lambda's environment. */
export interface RoleKeys {
  AWS_ACCESS_KEY_ID: string;
  AWS_SECRET_ACCESS_KEY: string;
  AWS_SESSION_TOKEN: string;
}

/**
 * A broker whose SASL_SSL listener accepts what Amazon MSK accepts with IAM, for a role with these keys: it checks signatures. The
 * principal is the access key's id.
 *
 * @param more additional properties
 */
export async function startMskIamBroker(region: string, keys: RoleKeys, more: Record<string, string> = {}): Promise<Broker> {
  const mechanism = 'listener.name.sasl_ssl.oauthbearer';
  const login = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="unused"';
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = keys;
  const known = `accessKeyId="${AWS_ACCESS_KEY_ID}" secretAccessKey="${AWS_SECRET_ACCESS_KEY}" sessionToken="${AWS_SESSION_TOKEN}"`;
  return startBroker({
    listeners: ['SASL_SSL', 'PLAINTEXT'],
    classes: await javaClasses('MskIamCheck'),
    properties: {
      'listener.name.sasl_ssl.sasl.enabled.mechanisms': 'OAUTHBEARER',
      [`${mechanism}.sasl.jaas.config`]: `${login} region="${region}" ${known};`,
      [`${mechanism}.sasl.server.callback.handler.class`]: 'MskIamCheck',
      ...more,
    },
  });
}
