import { join } from 'node:path';
import { certificates } from '../../infra/local/certificates.ts';
import { users } from '../../infra/local/properties.ts';
import { startMskIamBroker } from '../harness/kafka/msk-iam-broker.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { zipOf } from '../harness/lambda/deployed-function.ts';
import { lambdaEnvironment } from '../harness/lambda/lambda-environment.ts';
import { openServerless } from '../harness/lambda/serverless.ts';
import { startFunction } from '../harness/lambda/start-function.ts';
import { MEMORY } from './deployed.ts';
import { type FirstRequest, firstRequest } from './first-request.ts';
import { median } from './statistics.ts';
import type { Row } from './table.ts';

const STARTS = 11;
const REGION = 'eu-west-1';

/** A way to Kafka: the zip that is deployed for it, and its variables. */
interface Way {
  name: string;
  zip: string;
  topic: string;
  env: Record<string, string>;
}

/**
 * From the start of a process to the answer that one record is written, by how the gateway gets to Kafka: as init, which is Node's and the
 * gateway's loading, and the first request, which connects. In turns.
 */
export async function* firstRecord(): AsyncGenerator<Row> {
  const { ca } = await certificates();
  const [username, password] = Object.entries(users)[0];
  const keys = lambdaEnvironment({ functionName: '', handler: '', taskRoot: '', memory: MEMORY, runtimeApi: '' });
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = keys;
  const iam = { KAFKA_SECURITY_PROTOCOL: 'SASL_SSL', KAFKA_SASL_MECHANISM: 'AWS_MSK_IAM', KAFKA_MSK_REGION: REGION };
  const msk = await startMskIamBroker(REGION, { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN });
  const framework = await openServerless();
  try {
    await framework.run(['package'], iam);
    const topic = await createTopic();
    const ways: Way[] = [
      { name: 'plain text', zip: zipOf('produce'), topic, env: { KAFKA_BOOTSTRAP_SERVERS: sharedKafka() } },
      {
        name: 'TLS, SCRAM-SHA-512',
        zip: zipOf('produce'),
        topic,
        env: {
          ...{ KAFKA_BOOTSTRAP_SERVERS: sharedKafka('SASL_SSL'), KAFKA_SECURITY_PROTOCOL: 'SASL_SSL', KAFKA_SSL_CA: ca },
          ...{ KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512', KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password },
        },
      },
      {
        name: 'TLS, MSK IAM',
        zip: join(framework.folder, '.serverless/produce.zip'),
        topic: await createTopic({ bootstrapServers: msk.address('PLAINTEXT') }),
        env: { ...iam, KAFKA_BOOTSTRAP_SERVERS: msk.bootstrapServers, KAFKA_SSL_CA: ca },
      },
    ];
    const starts = ways.map((): FirstRequest[] => []);
    for (let start = 0; start < STARTS; start++) {
      for (const [i, way] of ways.entries()) starts[i].push(await startToRecord(way));
    }
    for (const [i, { name }] of ways.entries()) yield toRow(name, starts[i]);
  } finally {
    await framework.close();
    await msk.stop();
  }
}

const startToRecord = ({ zip, topic, env }: Way): Promise<FirstRequest> =>
  firstRequest(startFunction(zip, { env: { ...env, GATEWAY_LOG_LEVEL: 'error' }, memory: MEMORY }), topic);

function toRow(name: string, starts: readonly FirstRequest[]): Row {
  const [init, first] = [median(starts.map((start) => start.init)), median(starts.map((start) => start.first))];
  return {
    what: `cold to the first record, ${name}`,
    gateway: `${(init + first).toFixed(0)} ms: init ${init.toFixed(0)}, request ${first.toFixed(0)}`,
  };
}
