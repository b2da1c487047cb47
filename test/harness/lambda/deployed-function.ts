import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type FunctionName, functions, rows } from '../../../infra/functions.ts';
import type { HttpRequest } from './api-gateway.ts';
import { type LambdaFunction, type StartOptions, startFunction } from './start-function.ts';

/** Functions that are packaged for every deployment. */
export type ZipName = Exclude<FunctionName, 'authorizer' | 'deliver' | 'measure-lag' | 'push-logs' | 'socket-reader'>;

const NOT_ALWAYS: readonly string[] = ['authorizer', 'deliver', 'measure-lag', 'push-logs', 'socket-reader'];

export const zipNames = rows.map(([name]) => name).filter((name): name is ZipName => !NOT_ALWAYS.includes(name));

/** Functions whose main request gets a response of its own from Kafka, and does not delete the topic. */
type HarmlessFunction = Exclude<
  ZipName,
  'console' | 'delete-topic' | 'openapi' | 'pubsub' | 'pubsub-socket' | 'stream-topics' | 'subscriptions'
>;

const OTHERS: readonly string[] = ['console', 'delete-topic', 'openapi', 'pubsub', 'pubsub-socket', 'stream-topics', 'subscriptions'];

export const harmlessFunctions = zipNames.filter((name): name is HarmlessFunction => !OTHERS.includes(name));

/** Path of a function's deployment zip, as `npm run package` makes it. */
export const zipOf = (name: ZipName): string => join(import.meta.dirname, `../../../.serverless/${name}.zip`);

/** A typical request to each function, for a topic that exists. */
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
    consumers: {
      route: 'POST /consumers/{group}',
      target: `/consumers/group-${randomUUID()}`,
      headers: { 'content-type': 'application/json' },
      body: '{"auto.offset.reset": "earliest"}',
    },
    queues: {
      route: 'POST /queues/{group}/receive',
      target: `/queues/queue-${randomUUID()}/receive`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ topics: [topic], wait: 0 }),
    },
  };
  return requests[name];
}

/** Starts a function of the gateway until the test ends, with its deployed memory. */
export async function startGateway(t: TestContext, name: ZipName, options: StartOptions): Promise<LambdaFunction> {
  const fn = await startFunction(zipOf(name), {
    memory: functions[name].memory.size,
    ...options,
    // The template sets it if a deployment does not.
    env: { ...(name === 'queues' && { GATEWAY_RECEIPT_KEY: 'of the tests' }), ...options.env },
  });
  t.after(() => fn.stop());
  return fn;
}
