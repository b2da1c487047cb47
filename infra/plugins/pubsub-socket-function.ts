import { createRequire } from 'node:module';

/** What is used here of the framework, which hands it to every plugin. */
interface Serverless {
  service: { functions: Record<string, unknown> };
}

const { socket } = createRequire(import.meta.url)('../authorization.cjs');

/** Plugin of the framework: deploys the WebSocket and its function only where API Gateway can ask its callers who they are. */
export default class PubsubSocketFunction {
  constructor({ service }: Serverless) {
    if (socket === 'none') delete service.functions['pubsub-socket'];
  }
}
