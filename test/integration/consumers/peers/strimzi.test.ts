import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configure } from '../../../harness/http/gateway.ts';
import { sharedKafka } from '../../../harness/kafka/shared-kafka.ts';
import { compare, count, runCase } from './peer-client.ts';
import { strimziCreation } from './strimzi-creation.ts';
import { strimziReading } from './strimzi-reading.ts';
import { strimziSubscriptions } from './strimzi-subscriptions.ts';

// What Strimzi's bridge is tested for in its own integration tests of consumers, in our words: what is sent, and the statuses of its answers.
configure(sharedKafka(), { GATEWAY_CONSUMER_AUTO_OFFSET_RESET: 'earliest' });

const cases = [...strimziCreation, ...strimziReading, ...strimziSubscriptions];

for (const one of cases) test(`${one.name} (${compare(one)})`, () => runCase(one));

test('as many cases as the documentation says are answered as by the bridge', () => {
  assert.deepEqual(count(cases), { all: 58, same: 41, 'refused with another status': 9, otherwise: 8 });
});
