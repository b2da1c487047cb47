import assert from 'node:assert/strict';
import { test } from 'node:test';
import { webhookId } from '../../../../lib/push/attempt/webhook-id.ts';

const record = { topic: 'orders', partition: 0, offset: 7, record: { timestamp: 1_800_000_000_000 } };

test('an id is that of the same records for the same subscription, has no dots, and is no other record’s', () => {
  const id = webhookId('hook', [record]);

  assert.match(id, /^[\w-]{22}$/);
  assert.equal(webhookId('hook', [{ ...record }]), id);
  const others = [
    webhookId('other', [record]),
    webhookId('hook', [record, record]),
    webhookId('hook', [{ ...record, offset: 8 }]),
    webhookId('hook', [{ ...record, partition: 1 }]),
    webhookId('hook', [{ ...record, topic: 'payments' }]),
    // At the same place of a topic that was deleted and made anew.
    webhookId('hook', [{ ...record, record: { timestamp: 1_800_000_000_001 } }]),
  ];
  assert.equal(new Set([id, ...others]).size, 7);
});
