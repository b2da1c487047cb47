import { type Broker, startBroker } from '../../../infra/local/broker.ts';
import { javaClasses } from './java-classes.ts';

/** Keys of an AWS role, as Lambda has them in the environment. */
export interface RoleKeys {
  AWS_ACCESS_KEY_ID: string;
  AWS_SECRET_ACCESS_KEY: string;
  AWS_SESSION_TOKEN: string;
}

/**
 * A broker whose SASL_SSL listener takes what Amazon MSK's with IAM takes, from a role with these keys: signatures are checked. The
 * principal is the access key's id.
 *
 * @param more properties besides
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
