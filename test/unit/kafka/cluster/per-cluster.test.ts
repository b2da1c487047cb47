import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cluster } from '../../../../lib/kafka/cluster/cluster.ts';
import { PerCluster } from '../../../../lib/kafka/cluster/per-cluster.ts';

const settings = { clientId: 'test', ssl: null, credentials: null, maxIdleMs: 60_000, metadataMaxAgeMs: 60_000 };

test('each cluster has a value of its own, made once', () => {
  const [one, other] = [1, 2].map((port) => new Cluster({ bootstrapServers: [`127.0.0.1:${port}`], ...settings }));
  const made: Cluster[] = [];
  const values = new PerCluster((cluster) => ({ place: made.push(cluster) }));

  const places = [one, other, one].map((cluster) => values.of(cluster).place);

  assert.deepEqual(places, [1, 2, 1]);
  assert.deepEqual(made, [one, other]);
});
