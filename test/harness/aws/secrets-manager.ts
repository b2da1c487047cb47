import { createServer } from 'node:http';
import { listenOnLoopback } from '../http/loopback.ts';

/** Replaces Secrets Manager, with one secret. */
export interface SecretsManager {
  url: string;
  /** How often the current version was read. */
  reads: number;
  /** Makes a new version the current one. */
  rotate(secret: object): void;
  close(): Promise<void>;
}

/** Starts one on a free port of the loopback interface. */
export async function startSecretsManager(secret: object): Promise<SecretsManager> {
  let current = secret;
  const server = createServer(async (request, response) => {
    const { SecretId }: { SecretId: string } = JSON.parse((await request.toArray()).join(''));
    manager.reads += 1;
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.end(JSON.stringify({ Name: SecretId, SecretString: JSON.stringify(current), VersionStages: ['AWSCURRENT'] }));
  });
  const origin = await listenOnLoopback(server);
  const manager = {
    url: origin,
    reads: 0,
    rotate(next: object) {
      current = next;
      manager.reads = 0;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return manager;
}
