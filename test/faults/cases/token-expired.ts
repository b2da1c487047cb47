import { client } from '../../harness/kafka/token-issuer.ts';
import { until } from '../../harness/until.ts';
import type { Fault } from '../fault.ts';

/** A token ends, and the sessions with it, by the time that a process asks for the second one after it. */
const TOKENS = 2;

export const tokenExpired: Fault = {
  name: 'token expires in the middle of the load',
  mayFail: false,
  stallMs: 1000,
  stage({ saslServers, issuer }, { tokenLifeS }) {
    issuer.lifeS = tokenLifeS;
    return {
      env: {
        KAFKA_BOOTSTRAP_SERVERS: saslServers,
        KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
        KAFKA_SASL_MECHANISM: 'OAUTHBEARER',
        KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: issuer.tokenUrl,
        KAFKA_SASL_OAUTHBEARER_CLIENT_ID: client.id,
        KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET: client.secret,
      },
      async inflict({ processes }) {
        const enough = issuer.requests.length + processes * TOKENS;
        await until(() => issuer.requests.length >= enough);
      },
    };
  },
};
