import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { HttpRequest } from './api-gateway.ts';
import { type LambdaFunction, type StartOptions, startFunction } from './start-function.ts';

/** The gateway's functions whose requests get responses of their own, by the names of their zips. */
export const functionNames = [
  'produce',
  'list-offsets',
  'fetch-from-offset',
  'read-topics',
  'topic-metadata',
  'create-topic',
  'delete-topic',
  'consumer-groups',
  'openapi',
] as const;

export type FunctionName = (typeof functionNames)[number];

/** Functions that ask Kafka, and leave a topic to others. */
type HarmlessFunction = Exclude<FunctionName, 'delete-topic' | 'openapi'>;

export const harmlessFunctions = functionNames.filter((name): name is HarmlessFunction => name !== 'delete-topic' && name !== 'openapi');

/** And those whose messages do. */
export const zipNames = [...functionNames, 'pubsub', 'pubsub-socket'] as const;

type ZipName = (typeof zipNames)[number];

/** Path of a function's deployment zip, as `npm run package` makes it. */
export const zipOf = (name: ZipName): string => join(import.meta.dirname, `../../../.serverless/${name}.zip`);

/** What each function is there for, asked of a topic that exists. */
export function mainRequest(name: HarmlessFunction, topic: string): HttpRequest {
  const requests: Record<HarmlessFunction, HttpRequest> = {
    produce: { route: 'POST /topics/{topic}', target: `/topics/${topic}`, headers: { 'content-type': 'text/plain' }, body: 'value' },
    'list-offsets': { route: 'GET /topics/{topic}/offsets', target: `/topics/${topic}/offsets` },
    'fetch-from-offset': {
      route: 'GET /topics/{topic}/partitions/{partition}/records',
      target: `/topics/${topic}/partitions/0/records?offset=earliest&timeout=0`,
    },
    'read-topics': { route: 'GET /topics/{topic}/records', target: `/topics/${topic}/records?timeout=0` },
    'topic-metadata': { route: 'GET /topics/{topic}', target: `/topics/${topic}` },
    'create-topic': {
      route: 'POST /admin/topics',
      target: '/admin/topics',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ topic_name: `topic-${randomUUID()}` }),
    },
    'consumer-groups': {
      route: 'PUT /groups/{group}/offsets',
      target: `/groups/group-${randomUUID()}/offsets`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ offsets: [{ topic, offset: 'earliest' }] }),
    },
  };
  return requests[name];
}

/** Starts a function of the gateway for the time of a test. */
export async function startGateway(t: TestContext, name: ZipName, options: StartOptions): Promise<LambdaFunction> {
  const fn = await startFunction(zipOf(name), options);
  t.after(() => fn.stop());
  return fn;
}
