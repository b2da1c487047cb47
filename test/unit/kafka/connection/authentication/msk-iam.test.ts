import assert from 'node:assert/strict';
import { test } from 'node:test';
import { regionOf } from '../../../../../lib/kafka/connection/authentication/msk-iam.ts';

for (const [server, region] of [
  ['b-1.cluster.abc123.c2.kafka.eu-west-1.amazonaws.com:9098', 'eu-west-1'],
  ['b-2-public.cluster.abc123.c2.kafka.us-east-1.amazonaws.com:9198', 'us-east-1'],
  ['boot-abc123.c1.kafka-serverless.ap-southeast-2.amazonaws.com:9098', 'ap-southeast-2'],
  ['b-1.cluster.abc123.c2.kafka.us-gov-west-1.amazonaws.com:9098', 'us-gov-west-1'],
  ['b-1.cluster.abc123.c2.kafka.cn-north-1.amazonaws.com.cn:9098', 'cn-north-1'],
  ['kafka.example.com:9098', null],
  ['b-1.kafka.eu-west-1.amazonaws.com.example.com:9098', null],
  ['10.0.0.1:9098', null],
] as const) {
  test(`the region of ${server} is ${region}`, () => {
    assert.equal(regionOf([server]), region);
  });
}

test('one broker that names the region is enough', () => {
  assert.equal(regionOf(['10.0.0.1:9098', 'b-1.c.abc123.c2.kafka.eu-north-1.amazonaws.com:9098']), 'eu-north-1');
});
