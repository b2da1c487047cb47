import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lagMembers, roundMembers } from '../../../lib/metrics/lag-emf.ts';
import { metricsOf } from '../../harness/metrics/emf-schema.ts';

const settings = { emf: true, topics: new Set(['orders']), function: 'f', stack: 's' };
const metrics = (members: string) => metricsOf(JSON.parse(`{${members.slice(1)}}`)).map(({ name, value }) => `${name}: ${value}`);

test('a group has its lag in all, and that in topics that are listed', () => {
  const topics = new Map([
    ['orders', 4],
    ['clicks', 6],
  ]);

  assert.deepEqual(metrics(lagMembers({ group: 'a "b"', lag: 10, largest: 6, topics }, settings, 0)), [
    'KafkaHttpGateway Lag stack=s group=a "b": 10',
    'KafkaHttpGateway LargestLag stack=s group=a "b": 6',
    'KafkaHttpGateway/Topics lag_orders stack=s group=a "b": 4',
  ]);
});

for (const group of ['größer', 'a\tb', '   ', ':a', 'a'.repeat(1025)]) {
  test(`a group has its lag and no metrics where CloudWatch takes no dimension like ${JSON.stringify(group.slice(0, 10))}`, () => {
    const line = JSON.parse(`{${lagMembers({ group, lag: 10, largest: 6, topics: new Map() }, settings, 0).slice(1)}}`);

    assert.deepEqual(line, { stack: 's', Lag: 10, LargestLag: 6 });
  });
}

test('a look that missed something does not count as one', () => {
  assert.deepEqual(metrics(roundMembers({ isComplete: false, most: 10, fallingBehind: 2 }, settings, 0)), [
    'KafkaHttpGateway LagMeasured stack=s: 0',
    'KafkaHttpGateway MostLag stack=s: 10',
    'KafkaHttpGateway GroupsFallingBehind stack=s: 2',
  ]);
});
