import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeConfigs } from '../../../../lib/kafka/protocol/describe-configs.ts';
import { describeConfigsAnswer } from '../../../harness/fake-broker/broker-side.ts';
import { asKafkajsReads, asKafkajsWrites, asWeRead, asWeWrite } from './kafkajs.ts';

test('the request is the one that kafkajs writes for all settings of a topic', async () => {
  const theirs = await asKafkajsWrites('DescribeConfigs', 1, { resources: [{ type: 2, name: 'orders' }], includeSynonyms: false });

  assert.deepEqual(asWeWrite(describeConfigs('orders')), theirs);
});

test('the other values of settings are asked for as kafkajs does', async () => {
  const theirs = await asKafkajsWrites('DescribeConfigs', 1, { resources: [{ type: 2, name: 'orders' }], includeSynonyms: true });

  assert.deepEqual(asWeWrite(describeConfigs('orders', true)), theirs);
});

test('the answer is read as kafkajs reads it; what the broker keeps to itself is null', async () => {
  const configs = { 'cleanup.policy': 'delete', 'retention.ms': '604800000', 'secret.setting': null, 'empty.setting': '' };
  const answer = describeConfigsAnswer('orders', 0, configs);

  const ours = asWeRead(describeConfigs('orders'), answer);

  assert.equal(ours.error, 0);
  assert.deepEqual(Object.fromEntries(ours.configs.map(({ name, value }) => [name, value])), configs);
  const kafkajs = JSON.stringify(await asKafkajsReads('DescribeConfigs', 1, answer));
  const entries = JSON.parse(kafkajs).resources[0].configEntries.map((entry: { configName: string; configValue: string | null }) => [
    entry.configName,
    entry.configValue,
  ]);
  assert.deepEqual(Object.fromEntries(entries), configs);
});

test('a setting tells where its value comes from, and which others there are', () => {
  const { configs } = asWeRead(describeConfigs('orders'), describeConfigsAnswer('orders', 0, { 'retention.ms': '5' }));

  const synonyms = [{ name: 'log.retention.ms', value: '5', source: 5 }];
  assert.deepEqual(configs, [{ name: 'retention.ms', value: '5', readOnly: false, source: 5, sensitive: false, synonyms }]);
});

test('a refusal is read', () => {
  assert.deepEqual(asWeRead(describeConfigs('orders'), describeConfigsAnswer('orders', 29, {})), { error: 29, configs: [] });
});

test('an answer without the topic is no success', () => {
  assert.deepEqual(asWeRead(describeConfigs('orders'), Buffer.alloc(8)), { error: -1, configs: [] });
});
