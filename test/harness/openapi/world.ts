import { randomUUID } from 'node:crypto';
import { after } from 'node:test';
import { script, style } from '../../../lib/console/files.ts';
import { isObject } from '../../../lib/json/json-members.ts';
import { type DescribedOperation, type Description, operationsOf } from '../../../lib/openapi/description.ts';
import { call } from '../http/gateway.ts';
import { clusterId, type Resource } from '../http/v3.ts';
import { kafkajsConsumer } from '../kafka/kafkajs-consumer.ts';
import { createTopic } from '../kafka/topics.ts';
import type { PushWorld } from '../push/push-environment.ts';
import { Conformity } from './conformity.ts';
import { descriptionWith, type Names } from './description.ts';
import type { ExampleRequest } from './requests.ts';

/** The resources of the examples, in this Kafka. */
export interface World {
  description: Description;
  operations: DescribedOperation[];
  conformity: Conformity;
  /** Creates what the request needs to succeed, and returns the request with it. */
  prepared(operation: DescribedOperation, request: ExampleRequest): Promise<ExampleRequest>;
}

/** Creates the topics of the examples, with one record in each. */
export async function createWorld(push?: PushWorld): Promise<World> {
  const names: Names = {
    orders: await createTopic(),
    payments: await createTopic(),
    billing: `group-${randomUUID()}`,
    shipping: `queue-${randomUUID()}`,
  };
  const cluster = await clusterId();
  const partition = await call<Resource & { leader: { related: string } }>(
    'GET',
    `/v3/clusters/${cluster}/topics/${names.orders}/partitions/0`,
  );
  const broker = Number(partition.json.leader.related.split('/').at(-1));
  const description = descriptionWith(names);

  return {
    description,
    operations: operationsOf(description),
    conformity: new Conformity(description),
    async prepared({ operation }, request) {
      const fresh: ExampleRequest = JSON.parse(
        JSON.stringify(request).replaceAll('invoices', `topic-${randomUUID()}`).replaceAll('"orders"', `"${names.orders}"`),
      );
      const parameters = { ...fresh.parameters, ...kafkaIds(fresh), ...(await needs[operation.operationId]?.(fresh, names, push)) };
      if ('Idempotency-Key' in parameters) parameters['Idempotency-Key'] = `"${randomUUID()}"`;
      return { ...fresh, parameters };
    },
  };

  function kafkaIds({ parameters }: ExampleRequest) {
    return { ...('cluster' in parameters && { cluster }), ...('broker' in parameters && { broker }) };
  }
}

/** Operations on a consumer instance. */
const OF_CONSUMERS = [
  ...['deleteConsumer', 'getSubscription', 'subscribe', 'unsubscribe', 'getAssignments', 'assign', 'poll', 'getConsumerOffsets', 'commit'],
  ...['seek', 'seekToBeginning', 'seekToEnd'],
];

/** What requests of an operation need besides their examples: additional parameters, or existing resources. */
const needs: Record<
  string,
  (request: ExampleRequest, names: Names, push?: PushWorld) => Record<string, unknown> | Promise<Record<string, unknown>>
> = {
  fetchRecords: fromTheBeginning,
  fetchMessages: fromTheBeginning,
  readTopics: () => ({ timeout: 0 }),
  getConsoleFile: ({ accept }) => ({ file: (accept === 'text/css' ? style : script).name }),
  deleteOffsets: async ({ parameters }, names) => {
    await commit(names);
    return 'partition' in parameters ? { topic: names.orders } : {};
  },
  deleteGroup: (_, names) => commit(names),
  getGroup: (_, names) => commit(names),
  getV3Group: (_, names) => commit(names),
  listConsumers: (_, names) => commit(names),
  getConsumer: (_, names) => join(names),
  listAssignments: (_, names) => join(names),
  getAssignment: (_, names) => join(names),
  getLagSummary: (_, names) => commit(names),
  listLags: (_, names) => commit(names),
  getLag: (_, names) => commit(names),
  getGroupOffsets: (_, names) => commit(names),
  putSubscription: () => ({ subscription: `sub-${randomUUID()}` }),
  showSubscription: (_, names, push) => subscribe(names, push),
  deleteSubscription: (_, names, push) => subscribe(names, push),
  listAttempts: (_, names, push) => subscribe(names, push),
  verifySubscription: (_, names, push) => subscribe(names, push),
  replaySubscription: (_, names, push) => verified(names, push),
  createConsumer: () => ({ group: `group-${randomUUID()}` }),
  ...Object.fromEntries(
    OF_CONSUMERS.map((operation) => [operation, (request: ExampleRequest, names: Names) => consumer(operation, request, names)]),
  ),
  getQueue: async (_, names) => {
    await receive(names);
    return {};
  },
  ackRecords: holdSome,
  releaseRecords: holdSome,
  rejectRecords: holdSome,
  renewRecords: holdSome,
  deleteTopic: async () => ({ topic: await createTopic() }),
  produceToTopics: ({ body }, names) => (body?.type.startsWith('application/vnd.kafka') ? {} : { 'kafka-topic': names.orders }),
};

function fromTheBeginning({ parameters }: ExampleRequest): Record<string, unknown> {
  return 'offset' in parameters || 'timestamp' in parameters ? {} : { offset: 'earliest', timeout: 0 };
}

/** Creates a consumer that has the example's partition, unless the request assigns it. */
async function consumer(operation: string, { accept }: ExampleRequest, { billing, orders }: Names): Promise<Record<string, unknown>> {
  const instance = `reader-${randomUUID()}`;
  const group = `${billing}-${instance}`;
  const headers = { 'content-type': 'application/json' };
  const [, format] = /kafka\.(json|text)\./.exec(accept ?? '') ?? [];
  await call('POST', `/consumers/${group}`, { headers, body: JSON.stringify({ name: instance, format }) });
  if (operation === 'subscribe') return { group, instance };
  const body = JSON.stringify({ partitions: [{ topic: orders, partition: 0 }] });
  await call('POST', `/consumers/${group}/instances/${instance}/assignments`, { headers, body });
  return { group, instance };
}

/** Receives a record, whose receipt replaces the example's. */
async function holdSome(request: ExampleRequest, names: Names): Promise<Record<string, unknown>> {
  const group = `queue-${randomUUID()}`;
  const receipts = [await receive({ ...names, shipping: group })];
  const { body } = request;
  if (body !== null && isObject(body.value) && 'receipts' in body.value) request.body = { ...body, value: { ...body.value, receipts } };
  return { group };
}

async function receive({ shipping, orders }: Names): Promise<string | null> {
  const headers = { 'content-type': 'application/json' };
  await call('PUT', `/queues/${shipping}`, { headers, body: JSON.stringify({ auto_offset_reset: 'earliest' }) });
  await call('POST', `/topics/${orders}`, { headers, body: '{}' });
  const body = JSON.stringify({ topics: [orders], max: 1, wait: 10_000 });
  const { json } = await call<{ receipt: string | null }>('POST', `/queues/${shipping}/receive`, { headers, body });
  return json.receipt;
}

async function commit({ billing, orders }: Names): Promise<Record<string, unknown>> {
  const body = JSON.stringify({ offsets: [{ topic: orders, offset: 'earliest' }] });
  await call('PUT', `/groups/${billing}/offsets`, { headers: { 'content-type': 'application/json' }, body });
  return {};
}

const leave: (() => Promise<void>)[] = [];
after(() => Promise.all(leave.map((one) => one())));

/** Creates a group whose only member reads the topic of the examples. */
async function join({ orders }: Names): Promise<Record<string, unknown>> {
  const group = `group-${randomUUID()}`;
  const consumer = kafkajsConsumer({ groupId: group, heartbeatInterval: 500 });
  await consumer.connect();
  leave.push(() => consumer.disconnect());
  await consumer.subscribe({ topic: orders });
  const joined = new Promise<string>((resolve) => {
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => resolve(payload.memberId));
  });
  await consumer.run({ eachMessage: async () => undefined });
  return { group, consumer: await joined };
}

async function subscribe({ orders }: Names, push?: PushWorld): Promise<Record<string, unknown>> {
  if (push === undefined) throw new Error('There is no endpoint to subscribe');
  const { receiver, signing } = push;
  const subscription = `sub-${randomUUID()}`;
  const body = JSON.stringify({ topics: [orders], url: receiver.url, signing: { secret: signing } });
  await call('PUT', `/subscriptions/${subscription}`, { headers: { 'content-type': 'application/json' }, body });
  return { subscription };
}

async function verified(names: Names, push?: PushWorld): Promise<Record<string, unknown>> {
  const made = await subscribe(names, push);
  await call('POST', `/subscriptions/${made.subscription}/verify`);
  return made;
}
