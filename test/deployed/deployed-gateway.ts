import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { users } from '../../infra/local/properties.ts';
import { type MiniStack, startMiniStack } from '../harness/aws/ministack.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { type Deployment, deploy } from './deployment.ts';

/** A gateway in an AWS account of its own, in front of the Kafka that tests share. */
export interface DeployedGateway extends Deployment {
  aws: MiniStack;
  stop(): Promise<void>;
}

/** Name of the secret that the gateway is configured with. */
export const SECRET = 'kafka/gateway';

/** Holds the right credentials, too, but is none of the gateway's business. */
export const OTHER_SECRET = 'kafka/gateway-other';

/**
 * Deploys the gateway with its credentials for Kafka in Secrets Manager; `configuration` is set besides.
 *
 * @param prepare makes what that needs in the account
 */
export async function startDeployedGateway(
  configuration: Record<string, string> = {},
  prepare: (aws: MiniStack) => Promise<void> = async () => undefined,
): Promise<DeployedGateway> {
  const aws = await startMiniStack();
  try {
    await prepare(aws);
    const secrets = new SecretsManagerClient(aws);
    const SecretString = JSON.stringify({ username: 'alice', password: users.alice });
    for (const Name of [SECRET, OTHER_SECRET]) await secrets.send(new CreateSecretCommand({ Name, SecretString }));

    const deployment = await deploy(aws, 'test', {
      KAFKA_BOOTSTRAP_SERVERS: sharedKafka('SASL_PLAINTEXT'),
      KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
      KAFKA_SASL_MECHANISM: 'SCRAM-SHA-256',
      KAFKA_SECRET_ID: SECRET,
      ...configuration,
    });
    return {
      aws,
      ...deployment,
      async stop() {
        await deployment.close();
        await aws.stop();
      },
    };
  } catch (error) {
    await aws.stop();
    throw error;
  }
}
