import { functions } from '../../infra/functions.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { zipOf } from '../harness/lambda/deployed-function.ts';
import { type LambdaFunction, startFunction } from '../harness/lambda/start-function.ts';

/** Megabytes that `produce` is deployed with; the size of the heap goes by it. */
export const MEMORY = functions.produce.memory.size;

/** Starts a function of the gateway from its zip, quiet but for errors. */
export const startGateway = (name: 'produce' | 'fetch-from-offset' | 'read-topics'): Promise<LambdaFunction> =>
  startFunction(zipOf(name), {
    env: { KAFKA_BOOTSTRAP_SERVERS: sharedKafka(), GATEWAY_LOG_LEVEL: 'error' },
    memory: functions[name].memory.size,
  });
