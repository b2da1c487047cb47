import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { suite, type TestContext, test } from 'node:test';

const require = createRequire(import.meta.url);
const file = require.resolve('../../../infra/secret-resource.cjs');

function resourceFor(t: TestContext, environment: Record<string, string>): unknown {
  t.mock.property(process, 'env', environment);
  delete require.cache[file];
  return require(file);
}

suite('the secret that functions may read', () => {
  test('is the one of that name in the account and region of the stack', (t) => {
    const resource = resourceFor(t, { KAFKA_SECRET_ID: 'kafka/gateway' });

    const arn = ['arn:$', '{AWS::Partition}:secretsmanager:$', '{AWS::Region}:$', '{AWS::AccountId}:secret:kafka/gateway-??????'];
    assert.deepEqual(resource, { 'Fn::Sub': arn.join('') });
  });

  test('is in the region that is given with its name', (t) => {
    const resource = resourceFor(t, { KAFKA_SECRET_ID: 'kafka', KAFKA_SECRET_REGION: 'eu-west-1' });

    assert.match(JSON.stringify(resource), /:secretsmanager:eu-west-1:/);
  });

  test('is the one of that ARN, and no other', (t) => {
    const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:kafka-AbCdEf';

    const resource = resourceFor(t, { KAFKA_SECRET_ID: arn, KAFKA_SECRET_REGION: 'us-east-1' });

    assert.equal(resource, arn);
  });
});
