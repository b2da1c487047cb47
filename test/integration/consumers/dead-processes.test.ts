import { testDeadProcesses } from '../../harness/consumers/dead-process-cases.ts';
import { configure } from '../../harness/http/gateway.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';

configure(sharedKafka());

testDeadProcesses(sharedKafka);
