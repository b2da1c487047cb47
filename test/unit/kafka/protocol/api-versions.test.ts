import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiVersions, commonVersion } from '../../../../lib/kafka/protocol/api-versions.ts';
import { apiVersionsAnswer } from '../../../harness/fake-broker/broker-side.ts';
import { asKafkajsReads, asKafkajsWrites, asWeRead, asWeWrite } from './kafkajs.ts';

test('the request is the one that kafkajs writes', async () => {
  assert.deepEqual(asWeWrite(apiVersions), await asKafkajsWrites('ApiVersions', 0, {}));
});

test('the answer is read as kafkajs reads it', async () => {
  const answer = apiVersionsAnswer([
    [0, 3, 12],
    [18, 0, 4],
  ]);

  const ours = asWeRead(apiVersions, answer);

  assert.deepEqual(ours, { 0: { minVersion: 3, maxVersion: 12 }, 18: { minVersion: 0, maxVersion: 4 } });
  assert.deepEqual(await asKafkajsReads('ApiVersions', 0, answer), {
    errorCode: 0,
    apiVersions: Object.entries(ours).map(([apiKey, versions]) => ({ apiKey: Number(apiKey), ...versions })),
  });
});

test('the common version is the newest of both sides', () => {
  const request = { ...apiVersions, key: 7, versions: { min: 2, max: 5 } };
  const newest = (minVersion: number, maxVersion: number) => commonVersion({ 7: { minVersion, maxVersion } }, request);

  assert.deepEqual([newest(0, 9), newest(0, 3), newest(5, 9), newest(2, 2)], [5, 3, 5, 2]);
  assert.deepEqual([newest(0, 1), newest(6, 9), commonVersion({}, request)], [null, null, null]);
});
