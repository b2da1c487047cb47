import { createTopic } from '../harness/kafka/topics.ts';
import type { Case } from './cases/index.ts';
import type { FaultCluster } from './fault-cluster.ts';
import { judgeReads, type ReadFindings } from './judge-reads.ts';
import { judgeWrites, type WriteFindings } from './judge-writes.ts';
import { startLoad } from './load.ts';
import type { Scale } from './scale.ts';
import { readBack } from './written-log.ts';

/** What one run of a case has shown. */
export interface Findings {
  writes: WriteFindings;
  reads: ReadFindings;
}

/** Runs a case once, on a topic of its own: load, the fault, load again; then reads back all that was written. */
export async function runCase(cluster: FaultCluster, { fault, shape }: Case, scale: Scale): Promise<Findings> {
  const { bootstrapServers } = cluster;
  const topic = await createTopic({ partitions: shape.partitions, bootstrapServers });
  await cluster.whole(topic);
  const stage = await fault.stage(cluster, scale);
  try {
    const load = await startLoad(topic, shape, stage.env);
    try {
      await load.through(scale.requests);
      await stage.inflict(load, topic);
      await load.through(scale.requests);
      await load.finish();
    } finally {
      await load.stop();
    }
    await cluster.whole(topic);
    const log = await readBack(topic, bootstrapServers);
    return { writes: judgeWrites(load.observations.writes, log), reads: judgeReads(load.observations, log) };
  } finally {
    await stage.end?.();
  }
}
