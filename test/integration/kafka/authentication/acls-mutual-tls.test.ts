import { after, before } from 'node:test';
import { type Broker, startBroker } from '../../../../infra/local/broker.ts';
import { certificates } from '../../../../infra/local/certificates.ts';
import { configure } from '../../../harness/http/gateway.ts';
import { clientCertificates } from '../../../harness/kafka/client-certificates.ts';
import { testAuthorization, untilAuthorized } from '../authorization.ts';
import { aclsButForPlaintext, authorizeAt } from './acl-principals.ts';

let broker: Broker;

before(async () => {
  const { ca, keystore, keystorePassword } = await certificates();
  const { trusted } = await clientCertificates();
  broker = await startBroker({
    listeners: ['SSL', 'PLAINTEXT'],
    properties: {
      'listener.name.ssl.ssl.client.auth': 'required',
      'ssl.truststore.type': 'PKCS12',
      'ssl.truststore.location': keystore,
      'ssl.truststore.password': keystorePassword,
      ...aclsButForPlaintext,
    },
  });
  await authorizeAt(broker.address('PLAINTEXT'), 'User:CN=alice');
  configure(broker.address('SSL'), {
    KAFKA_SECURITY_PROTOCOL: 'SSL',
    KAFKA_SSL_CA: ca,
    KAFKA_SSL_CERT: trusted.cert,
    KAFKA_SSL_KEY: trusted.key,
  });
  await untilAuthorized();
});
after(() => broker?.stop());

testAuthorization('the subject of a certificate');
