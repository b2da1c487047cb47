import { ApiGatewayV2Client, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import type { MiniStack } from '../harness/aws/ministack.ts';
import { openWithKnownZips } from './known-zips.ts';

const SERVICE = 'kafka-http-gateway';

/** A deployed gateway. */
export interface Deployment {
  /** Base URL of the HTTP API, as its callers see and sign it. */
  url: string;
  /** URL of the WebSocket API, at MiniStack; empty when there is none. */
  socketUrl: string;
  /** What the framework printed. */
  output: string;
  /** Name on Lambda of a function of serverless.yml. */
  functionName(name: string): string;
  /** Removes it from the account, as `serverless remove` does. */
  remove(): Promise<void>;
  /** Removes what deploying needed on this machine. */
  close(): Promise<void>;
}

/** Deploys the gateway, as `npm run deploy` does; `configuration` is what docs/operate/configuration.md lists. */
export async function deploy(aws: MiniStack, stage: string, configuration: Record<string, string>): Promise<Deployment> {
  const { framework, keep } = await openWithKnownZips(['./test/deployed/ministack-template.ts'], configuration);
  const environment = {
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_REGION: aws.region,
    AWS_ACCESS_KEY_ID: aws.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.credentials.secretAccessKey,
    // Milliseconds between looks at the stack's progress.
    SLS_AWS_MONITORING_FREQUENCY: '200',
    ...configuration,
  };
  let output: string;
  try {
    output = await framework.run(['deploy', '--stage', stage], environment);
    await keep();
  } catch (error) {
    await framework.close();
    throw error;
  }

  const { Items: apis = [] } = await new ApiGatewayV2Client(aws).send(new GetApisCommand());
  const api = apis.find(({ Name }) => Name === `${stage}-${SERVICE}`);
  const socket = apis.find(({ Name }) => Name === `${SERVICE}-pubsub-${stage}`);
  const { port, host } = new URL(aws.endpoint);
  return {
    url: `http://${api?.ApiId}.execute-api.localhost:${port}`,
    socketUrl: socket === undefined ? '' : `ws://${host}/_aws/execute-api/${socket.ApiId}/pubsub`,
    output,
    functionName: (name) => `${SERVICE}-${stage}-${name}`,
    async remove() {
      await framework.run(['remove', '--stage', stage], environment);
    },
    close: framework.close,
  };
}
