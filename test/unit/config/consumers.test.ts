import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConsumers } from '../../../lib/config/consumers.ts';
import { problemsOf } from './problems.ts';

test('Kafka keeps the groups of consumers, unless the table is to', () => {
  const tableOf = (GATEWAY_CONSUMERS: string) => readConsumers({ GATEWAY_CONSUMERS, GATEWAY_TABLE: 'gateway' }).table;

  assert.deepEqual(readConsumers({}), { offsetReset: 'latest', table: null });
  assert.deepEqual([tableOf('kafka'), tableOf('dynamodb'), tableOf('DynamoDB')], [null, 'gateway', 'gateway']);
});

test('anything else is refused, and so is the table without a name', () => {
  assert.match(problemsOf(readConsumers, { GATEWAY_CONSUMERS: 'redis' }), /GATEWAY_CONSUMERS must be one of kafka, dynamodb/);
  assert.match(problemsOf(readConsumers, { GATEWAY_CONSUMERS: 'dynamodb' }), /GATEWAY_CONSUMERS=dynamodb needs GATEWAY_TABLE/);
});
