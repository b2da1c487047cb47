import { type Broker, type BrokerOptions, startBroker } from '../../infra/local/broker.ts';
import { AUDIENCE, ISSUER, type TokenIssuer } from './token-issuer.ts';

const login = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="unused";';

/** A broker whose SASL_PLAINTEXT listener takes OAUTHBEARER with tokens of an issuer, whose signature, audience and issuer it checks. */
export function startOAuthBearerBroker(issuer: TokenIssuer, options: BrokerOptions = {}): Promise<Broker> {
  const listener = 'listener.name.sasl_plaintext';
  return startBroker({
    listeners: ['PLAINTEXT', 'SASL_PLAINTEXT'],
    ...options,
    jvmFlags: [`-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=${issuer.jwksUrl}`],
    properties: {
      [`${listener}.sasl.enabled.mechanisms`]: 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
      [`${listener}.oauthbearer.sasl.jaas.config`]: login,
      [`${listener}.oauthbearer.sasl.server.callback.handler.class`]:
        'org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler',
      [`${listener}.oauthbearer.sasl.oauthbearer.jwks.endpoint.url`]: issuer.jwksUrl,
      [`${listener}.oauthbearer.sasl.oauthbearer.expected.audience`]: AUDIENCE,
      [`${listener}.oauthbearer.sasl.oauthbearer.expected.issuer`]: ISSUER,
      // A second, so that a token that expired a minute ago is one.
      [`${listener}.oauthbearer.sasl.oauthbearer.clock.skew.seconds`]: '1',
      // Not per listener: Kafka ignores it there.
      'sasl.oauthbearer.jwt.validator.class': 'org.apache.kafka.common.security.oauthbearer.BrokerJwtValidator',
      ...options.properties,
    },
  });
}
