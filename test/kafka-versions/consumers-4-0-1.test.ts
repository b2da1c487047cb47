import { after, before, suite } from 'node:test';
import { type Broker, startBroker } from '../../infra/local/broker.ts';
import { testDeadProcesses } from '../harness/consumers/dead-process-cases.ts';
import { configure } from '../harness/http/gateway.ts';

let broker: Broker;

before(async () => {
  broker = await startBroker({ version: '4.0.1' });
  configure(broker.bootstrapServers);
});
after(() => broker.stop());

// The first version that keeps consumers: it describes a member as if it had given up already what it is to give up.
suite('consumers in Apache Kafka 4.0.1', () => testDeadProcesses(() => broker.bootstrapServers));
