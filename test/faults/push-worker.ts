import { systemClock } from '../../lib/clock.ts';
import { clusterSettings } from '../../lib/clusters/kafka-cluster.ts';
import { warmCluster } from '../../lib/clusters/warm-clusters.ts';
import { kafkaConfig } from '../../lib/config/kafka.ts';
import { Runner } from '../../lib/push/delivery/runner.ts';
import { newTally } from '../../lib/push/delivery/tally.ts';
import { KafkaLog } from '../../lib/routes/subscriptions/kafka-log.ts';
import { pushTools } from '../../lib/routes/subscriptions/push-tools.ts';

// A process that delivers, as the function does, until it is killed; with leases that end soon after that.
const { store, post, secretsOf } = pushTools();
const cluster = warmCluster('gateway', () => clusterSettings(kafkaConfig()));
const runner = new Runner({
  ...{ store, post, clock: systemClock, tally: newTally(), leaseMs: 2000 },
  secretsOf: ({ definition }) => secretsOf(definition),
  mayDeliver: () => true,
  logOf: (subscription, lease) => new KafkaLog(cluster, subscription, async () => subscription.definition.topics, lease),
});
process.stdout.write('ready\n');
await runner.run(Date.now() + 600_000, true);
