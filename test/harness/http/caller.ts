import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { CallerClusters } from '../../../lib/clusters/caller-clusters.optional.ts';
import { clusterSettings } from '../../../lib/clusters/kafka-cluster.ts';
import { closeClusters } from '../../../lib/clusters/warm-clusters.ts';
import { readKafka } from '../../../lib/config/kafka.ts';
import { again } from '../../../lib/kafka/cluster/retry.ts';
import type { Answer } from './gateway.ts';

/** The header of a caller with user name and password. */
export const basic = (username: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
});

/** The header of a caller with a token. */
export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** Checks a 401: its code and message, and the challenge. */
export const unauthorized = (message: RegExp) => ({ status: 401, code: 40101, message });

/** The challenge of a response. */
export const challengeOf = ({ headers }: Answer): string | undefined => headers['www-authenticate'];

/** A gateway with these variables, without its functions: connects to Kafka as the caller of a header, and returns the principal. */
export function asking(t: TestContext, variables: Record<string, string>) {
  const kafka = readKafka({ ...variables, GATEWAY_AUTH: 'passthrough' });
  const callers = new CallerClusters(kafka.passthrough ?? assert.fail(), clusterSettings(kafka), kafka.maxClients);
  t.after(closeClusters);
  return async (headers: { authorization: string }): Promise<string | null> => {
    const ends: (() => void)[] = [];
    const caller = { headers, principal: null, onEnd: (callback: () => void) => void ends.push(callback) };
    try {
      const deadline = Date.now() + 10_000;
      const cluster = await callers.clusterOf(caller, deadline);
      await again(deadline, () => cluster.metadata([]));
    } finally {
      for (const end of ends) end();
    }
    return caller.principal;
  };
}
