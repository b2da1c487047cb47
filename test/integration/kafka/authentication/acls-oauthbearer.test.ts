import { after, before } from 'node:test';
import type { Broker } from '../../../../infra/local/broker.ts';
import { configure } from '../../../harness/http/gateway.ts';
import { startOAuthBearerBroker } from '../../../harness/kafka/oauthbearer-broker.ts';
import { client, startTokenIssuer, type TokenIssuer } from '../../../harness/kafka/token-issuer.ts';
import { testAuthorization, untilAuthorized } from '../authorization.ts';
import { aclsButForPlaintext, authorizeAt } from './acl-principals.ts';

let issuer: TokenIssuer;
let broker: Broker;

before(async () => {
  issuer = await startTokenIssuer();
  broker = await startOAuthBearerBroker(issuer, aclsButForPlaintext);
  await authorizeAt(broker.address('PLAINTEXT'), 'User:alice');
  configure(broker.address('SASL_PLAINTEXT'), {
    KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
    KAFKA_SASL_MECHANISM: 'OAUTHBEARER',
    KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: issuer.tokenUrl,
    KAFKA_SASL_OAUTHBEARER_CLIENT_ID: client.id,
    KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET: client.secret,
  });
  await untilAuthorized();
});
after(async () => {
  await broker?.stop();
  await issuer?.stop();
});

testAuthorization('the subject of a token');
