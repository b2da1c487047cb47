import { after, before } from 'node:test';
import type { Broker } from '../../../../infra/local/broker.ts';
import { certificates } from '../../../../infra/local/certificates.ts';
import { configure } from '../../../harness/http/gateway.ts';
import { startMskIamBroker } from '../../../harness/kafka/msk-iam-broker.ts';
import { testAuthorization, untilAuthorized } from '../authorization.ts';
import { aclsButForPlaintext, authorizeAt } from './acl-principals.ts';

const REGION = 'eu-west-1';
const keys = { AWS_ACCESS_KEY_ID: 'ASIAKAFKAGATEWAY', AWS_SECRET_ACCESS_KEY: 'known/to+both', AWS_SESSION_TOKEN: 'session/token+of==role' };

let broker: Broker;

before(async () => {
  const { ca } = await certificates();
  broker = await startMskIamBroker(REGION, keys, aclsButForPlaintext);
  await authorizeAt(broker.address('PLAINTEXT'), `User:${keys.AWS_ACCESS_KEY_ID}`);
  Object.assign(process.env, keys);
  configure(broker.address('SASL_SSL'), {
    KAFKA_SECURITY_PROTOCOL: 'SASL_SSL',
    KAFKA_SASL_MECHANISM: 'AWS_MSK_IAM',
    KAFKA_SSL_CA: ca,
    KAFKA_MSK_REGION: REGION,
  });
  await untilAuthorized();
});
after(() => broker?.stop());

testAuthorization('an AWS role');
