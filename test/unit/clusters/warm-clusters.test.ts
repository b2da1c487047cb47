import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { closeClusters, warmCluster } from '../../../lib/clusters/warm-clusters.ts';
import { metadataAnswer } from '../../harness/fake-broker/broker-side.ts';
import { startBroker } from '../../harness/fake-broker/fake-broker.ts';

const settings = (bootstrapServers: string[]) => ({
  bootstrapServers,
  clientId: 'test',
  ssl: null,
  credentials: null,
  maxIdleMs: 180_000,
  metadataMaxAgeMs: 300_000,
});

const warm = (t: TestContext, key: string, address = 'unused:9092') => {
  t.after(closeClusters);
  return warmCluster(key, () => settings([address]));
};

test('the cluster of a key is made once, and its settings are asked for then', (t) => {
  const first = warm(t, 'gateway');

  const again = warmCluster('gateway', () => assert.fail('settings are at hand'));
  const other = warm(t, 'someone');

  assert.equal(again, first);
  assert.notEqual(other, first);
});

test('settings that cannot be had leave no cluster behind', (t) => {
  const missing = () => {
    throw new Error('not configured');
  };

  assert.throws(() => warmCluster('gateway', missing), { message: 'not configured' });

  assert.ok(warm(t, 'gateway'));
});

test('making a cluster connects to nothing; closing closes what was connected since', async (t) => {
  const broker = await startBroker(t, () => metadataAnswer({}));
  const cluster = warm(t, 'gateway', broker.address);
  assert.equal(broker.connections, 0);
  const connection = await cluster.anyBroker();

  closeClusters();

  assert.equal(connection.closed, true);
  assert.notEqual(warm(t, 'gateway', broker.address), cluster);
});
