import assert from 'node:assert/strict';
import { test } from 'node:test';
import { templateFor } from '../../../../infra/template/template.ts';

for (const nothing of ['', ' ']) {
  test(`a variable with ${JSON.stringify(nothing)} counts as unset: the functions, too, ask who is calling`, () => {
    const empty = templateFor({
      ...{ GATEWAY_AUTH: nothing, LAG_ALARM_RECORDS: nothing, LOG_RETENTION_DAYS: nothing, RESERVED_CONCURRENCY: nothing },
      ...{ GATEWAY_SOCKET_READERS: nothing, KAFKA_SECRET_ID: nothing, ROLLOUT: nothing, VPC_SUBNET_IDS: nothing },
    });

    const { GATEWAY_AUTH, LAG_ALARM_RECORDS, LOG_RETENTION_DAYS, ...others } = empty.defaults;
    assert.deepEqual([GATEWAY_AUTH, LAG_ALARM_RECORDS, LOG_RETENTION_DAYS], ['iam', '100000', '30']);
    assert.deepEqual(new Set(Object.values(others)), new Set(['']));
    assert.deepEqual(empty, templateFor({}));
    assert.equal(empty.functions.produce.reservedConcurrency, undefined);
  });
}

test('a variable is taken without whitespace around it, and words in the case that the stack compares', () => {
  const { defaults, functions } = templateFor({
    ...{ ALARM_TOPIC_ARN: ' arn:aws:sns:eu-west-1:123456789012:alarms\n', GATEWAY_SOCKET_READERS: ' 2' },
    ...{ GATEWAY_CONSUMERS: ' DynamoDB', GATEWAY_PUSH: 'Continuous ' },
  });

  const { ALARM_TOPIC_ARN, GATEWAY_SOCKET_READERS, GATEWAY_CONSUMERS, GATEWAY_PUSH } = defaults;
  assert.deepEqual([ALARM_TOPIC_ARN, GATEWAY_SOCKET_READERS], ['arn:aws:sns:eu-west-1:123456789012:alarms', '2']);
  assert.deepEqual([GATEWAY_CONSUMERS, GATEWAY_PUSH], ['dynamodb', 'continuous']);
  assert.ok('socket-reader' in functions && 'deliver' in functions);
});

test('a variable that is set is taken', () => {
  const { defaults, functions } = templateFor({ GATEWAY_AUTH: 'none', LOG_RETENTION_DAYS: '7', RESERVED_CONCURRENCY: '3' });

  assert.deepEqual([defaults.GATEWAY_AUTH, defaults.LOG_RETENTION_DAYS], ['none', '7']);
  assert.equal(functions.produce.reservedConcurrency, `\${env:RESERVED_CONCURRENCY, null}`);
});
