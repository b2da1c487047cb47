import type { TestContext } from 'node:test';
import { Cluster, type ClusterSettings } from '../../../../lib/kafka/cluster/cluster.ts';
import { metadataAnswer } from '../../../harness/fake-broker/broker-side.ts';
import { clusterSettings } from '../../../harness/fake-broker/cluster-settings.ts';
import { type FakeBroker, startBroker } from '../../../harness/fake-broker/fake-broker.ts';

/** A broker as metadata name it. */
export const brokerAt = (id: number, { port }: FakeBroker) => ({ id, host: '127.0.0.1', port });

/** What a broker answers that knows nothing. */
export const answer = () => metadataAnswer({});

/** A cluster with these bootstrap servers, which is closed after the test. */
export function clusterOf(t: TestContext, brokers: FakeBroker[], settings: Partial<ClusterSettings> = {}): Cluster {
  const cluster = new Cluster(
    clusterSettings(
      brokers.map(({ address }) => address),
      settings,
    ),
  );
  t.after(() => cluster.close());
  return cluster;
}

/** Brokers that know nothing. */
export const startBrokers = (t: TestContext, count: number) => Promise.all(Array.from({ length: count }, () => startBroker(t, answer)));
