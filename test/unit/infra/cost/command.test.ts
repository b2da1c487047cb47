import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cost } from '../../../../infra/cost/command.ts';

test('a month is shown by what is paid for, with the connections at the brokers', () => {
  const text = cost(['--devices', '1000000', '--every', '60', '--writes', '1']);

  assert.match(text, /^43,800,000,000 requests a month: 16,667 a second, 50,000 in the busiest hour/);
  for (const what of ['api gateway', 'dynamodb', 'together', 'load balancer']) assert.ok(text.includes(`  ${what} `), what);
  assert.match(text, /750 instances in the busiest hour.* 25 % of the\n3000 that Amazon MSK allows/);
  assert.doesNotMatch(text, /NaN|Infinity| {2}nat /);
});

test('more connections than brokers have are told', () => {
  assert.match(cost(['--requests', '1e11', '--ms', '200']), /That is too many/);
});

test('what is no number is refused with how it is used', () => {
  for (const args of [['--requests', 'many'], ['--requests', '0'], ['--requests=-1'], ['--nothing', '1'], ['1e9']]) {
    assert.throws(() => cost(args), /npm run cost -- \[options\]/, args.join(' '));
  }
});

test('a gateway without metrics, log, limits and NAT gateways has none of their costs', () => {
  const text = cost(['--metrics', '0', '--log-kilobytes', '0', '--writes', '0', '--nats', '0']);

  assert.doesNotMatch(text, /^ +(?:metrics|logs|dynamodb|nat) /m);
});
