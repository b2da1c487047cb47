import { after, before, suite } from 'node:test';
import type { Cluster } from '../../../lib/kafka/cluster/cluster.ts';
import { KafkaCoordinator } from '../../../lib/kafka/groups/membership/kafka-coordinator.ts';
import { testDeadProcesses } from '../../harness/consumers/dead-process-cases.ts';
import { otherProcess } from '../../harness/consumers/other-process.ts';
import { testOvertakenPolls } from '../../harness/consumers/overtaken-cases.ts';
import { configure } from '../../harness/http/gateway.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';

configure(sharedKafka());

testDeadProcesses(sharedKafka);

suite('polls that their clients have given up', () => {
  let cluster: Cluster;
  before(() => {
    cluster = otherProcess(sharedKafka());
  });
  after(() => cluster.close());
  testOvertakenPolls({ kafka: sharedKafka, elsewhere: (group) => new KafkaCoordinator(cluster, group, Date.now() + 25_000) });
});
