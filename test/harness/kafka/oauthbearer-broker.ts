import { type Broker, type BrokerOptions, startBroker } from '../../../infra/local/broker.ts';
import { AUDIENCE, ISSUER, type TokenIssuer } from './token-issuer.ts';

const login = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="unused";';

/** A broker whose SASL_PLAINTEXT listener accepts OAUTHBEARER; with these additional properties. */
export const startOAuthBearerBroker = (issuer: TokenIssuer, more: Record<string, string> = {}): Promise<Broker> => {
  const { jvmFlags, properties } = oauthBearerListener(issuer, 'sasl_plaintext');
  return startBroker({ listeners: ['PLAINTEXT', 'SASL_PLAINTEXT'], jvmFlags, properties: { ...properties, ...more } });
};

/**
 * Makes a listener accept OAUTHBEARER with the tokens of an issuer: the broker checks signature, audience, issuer and expiry.
 *
 * @param listener its name in lower case; it must use SASL already
 */
export function oauthBearerListener(issuer: TokenIssuer, listener: string): Required<Pick<BrokerOptions, 'jvmFlags' | 'properties'>> {
  const mechanism = `listener.name.${listener}.oauthbearer`;
  return {
    jvmFlags: [`-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=${issuer.jwksUrl}`],
    properties: {
      [`listener.name.${listener}.sasl.enabled.mechanisms`]: 'PLAIN,SCRAM-SHA-512,OAUTHBEARER',
      [`${mechanism}.sasl.jaas.config`]: login,
      [`${mechanism}.sasl.server.callback.handler.class`]:
        'org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler',
      [`${mechanism}.sasl.oauthbearer.jwks.endpoint.url`]: issuer.jwksUrl,
      [`${mechanism}.sasl.oauthbearer.expected.audience`]: AUDIENCE,
      [`${mechanism}.sasl.oauthbearer.expected.issuer`]: ISSUER,
      // By default, a token stays valid for half a minute after its expiry.
      [`${mechanism}.sasl.oauthbearer.clock.skew.seconds`]: '1',
      [`${mechanism}.connections.max.reauth.ms`]: '3600000',
      // Not per listener, where Kafka ignores it.
      'sasl.oauthbearer.jwt.validator.class': 'org.apache.kafka.common.security.oauthbearer.BrokerJwtValidator',
    },
  };
}
