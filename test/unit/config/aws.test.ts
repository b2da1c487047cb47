import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endpointOf } from '../../../lib/config/aws.ts';

test('services of AWS have the domain of their region', () => {
  assert.equal(endpointOf('ssm', 'eu-west-1'), 'https://ssm.eu-west-1.amazonaws.com');
  assert.equal(endpointOf('lambda', 'cn-north-1'), 'https://lambda.cn-north-1.amazonaws.com.cn');
});
