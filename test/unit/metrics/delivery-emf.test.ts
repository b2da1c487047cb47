import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deliveryMembers } from '../../../lib/metrics/delivery-emf.ts';
import { metricsOf } from '../../harness/metrics/emf-schema.ts';

test('what came of deliveries is counted by the deployment', () => {
  const counts = { delivered: 5, failed: 2, deadLettered: 1, dropped: 0, waiting: 3 };
  const settings = { emf: true, topics: new Set<string>(), function: 'deliver', stack: 'gateway' };

  const line = JSON.parse(`{${deliveryMembers(counts, settings, 1).slice(1)}}`);

  assert.deepEqual(
    metricsOf(line).map(({ name, value }) => [name, value]),
    [
      ['KafkaHttpGateway Deliveries stack=gateway', 5],
      ['KafkaHttpGateway DeliveryFailures stack=gateway', 2],
      ['KafkaHttpGateway DeadLetters stack=gateway', 1],
      ['KafkaHttpGateway DeliveriesDropped stack=gateway', 0],
      ['KafkaHttpGateway DeliveriesWaiting stack=gateway', 3],
    ],
  );
});
