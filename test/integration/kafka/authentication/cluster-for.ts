import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { clusterSettings } from '../../../../lib/clusters/kafka-cluster.ts';
import { readKafka } from '../../../../lib/config/kafka.ts';
import { Cluster } from '../../../../lib/kafka/cluster/cluster.ts';
import { again } from '../../../../lib/kafka/cluster/retry.ts';

/** A cluster with the settings that these variables stand for; closed when the test ends. */
export function clusterFor(t: TestContext, variables: Record<string, string>): Cluster {
  const cluster = new Cluster(clusterSettings(readKafka(variables)));
  t.after(() => cluster.close());
  return cluster;
}

/** Asks for metadata as a request does that has ten seconds. */
export const ask = (cluster: Cluster) => again(Date.now() + 10_000, () => cluster.metadata([]));

/** Checks that a request is refused for good: 502, and the cause says why. */
export async function assertRefused(cluster: Cluster, why: RegExp): Promise<void> {
  await assert.rejects(ask(cluster), (error) => {
    assert.ok(error instanceof Error);
    assert.equal(error.name, 'KafkaAuthentication', String(error.cause));
    assert.match(causesOf(error), why);
    return true;
  });
}

/** Names, codes and messages of an error and all its causes, as the log has them. */
export function causesOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const code = 'code' in error ? ` ${error.code}` : '';
  return `${error.name}${code} ${error.message}\n${causesOf(error.cause)}`;
}
