import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { secretArn } from '../../../../infra/template/secret-arn.ts';

suite('the secret that functions may read', () => {
  test('is the one of that name in the account and region of the stack', () => {
    const resource = secretArn('kafka/gateway');

    const arn = ['arn:$', '{AWS::Partition}:secretsmanager:$', '{AWS::Region}:$', '{AWS::AccountId}:secret:kafka/gateway-??????'];
    assert.deepEqual(resource, { 'Fn::Sub': arn.join('') });
  });

  test('is in the region that is given with its name', () => {
    const resource = secretArn('kafka', 'eu-west-1');

    assert.match(JSON.stringify(resource), /:secretsmanager:eu-west-1:/);
  });

  test('is named without whitespace around, as functions read it', () => {
    assert.deepEqual(secretArn(' kafka\r', ' eu-west-1 '), secretArn('kafka', 'eu-west-1'));
    assert.equal(
      secretArn('arn:aws:secretsmanager:eu-west-1:123456789012:secret:kafka-AbCdEf '),
      secretArn('arn:aws:secretsmanager:eu-west-1:123456789012:secret:kafka-AbCdEf'),
    );
  });

  test('is the one of that ARN, and no other', () => {
    const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:kafka-AbCdEf';

    const resource = secretArn(arn, 'us-east-1');

    assert.equal(resource, arn);
  });
});
