import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { handler as consumers } from '../../functions/consumers.ts';
import { handler as fetch } from '../../functions/fetch-from-offset.ts';
import { handler as produce } from '../../functions/produce.ts';
import { handler as queues } from '../../functions/queues.ts';
import { handler as page } from '../../functions/read-topics.ts';
import type { GatewayHandler } from '../../lib/http/gateway-handler.ts';
import { lambdaContext } from '../harness/events/http-event.ts';
import { type HttpRequest, httpApiEvent } from '../harness/lambda/api-gateway.ts';
import { fetchRequest, pageRequest, produceRequest } from './requests.ts';
import { FETCH_BYTES, type Prepare, type Task } from './tasks.ts';

/** The handlers, called as Lambda calls them: from API Gateway's event to the response. */
export const gateway: Prepare = (task) => {
  if (task.kind === 'queue') return receiveAndAcknowledge(task);
  if (task.kind === 'poll') return pollAndCommit(task);
  const [handler, request] = handlerOf(task);
  const event = httpApiEvent(request);

  return async () => {
    const { statusCode, body } = await handler({ ...event }, lambdaContext());
    assert.equal(statusCode, 200, body);
    // A string put together of parts becomes one piece when it is first looked into: that belongs to the cost, as Lambda will do it.
    body.charCodeAt(0);
    return body;
  };
};

function handlerOf(task: Exclude<Task, { kind: 'queue' | 'poll' }>): [GatewayHandler, HttpRequest] {
  if (task.kind === 'produce') return [produce, produceRequest(task.topic, task.format, task.count, task.compression)];
  if (task.kind === 'page') return [page, pageRequest(task.topic, task.format, FETCH_BYTES, task.partitions)];
  return [fetch, fetchRequest(task.topic, task.format, task.bytes ?? FETCH_BYTES)];
}

/** Receives from a queue that begins with what is there, and acknowledges all of it. */
function receiveAndAcknowledge({ topic, count }: Extract<Task, { kind: 'queue' }>): () => Promise<string> {
  const group = `queue-${randomUUID()}`;
  const ask = async (method: string, what: string, body: object): Promise<string> => {
    const target = `/queues/${group}${what}`;
    const headers = { 'content-type': 'application/json', accept: 'application/vnd.kafka.json.v2+json, application/vnd.kafka.v2+json' };
    const event = httpApiEvent({ route: `${method} /queues/{group}${what}`, target, headers, body: JSON.stringify(body) });
    const { statusCode, body: text } = await queues(event, lambdaContext());
    assert.ok(statusCode < 300, text);
    return text;
  };
  let configured: Promise<string> | null = null;
  return async () => {
    configured ??= ask('PUT', '', { auto_offset_reset: 'earliest' });
    await configured;
    const text = await ask('POST', '/receive', { topics: [topic], max: count, wait: 5000 });
    const { receipt }: { receipt: string } = JSON.parse(text);
    await ask('POST', '/ack', { receipts: [receipt] });
    return text;
  };
}

/** Polls as a consumer that begins with what is there, and commits what it got where that is asked for. */
function pollAndCommit({ topic, bytes, commits }: Extract<Task, { kind: 'poll' }>): () => Promise<string> {
  const group = `group-${randomUUID()}`;
  const asking = (method: string, what: string, { query = '', body }: { query?: string; body?: object }): (() => Promise<string>) => {
    const route = `${method} /consumers/{group}${what.replace('/c', '/{instance}')}`;
    const accept = what.endsWith('/records') ? 'application/vnd.kafka.json.v2+json' : 'application/vnd.kafka.v2+json';
    const headers = { accept, ...(body && { 'content-type': 'application/vnd.kafka.v2+json' }) };
    const target = `/consumers/${group}${what}${query}`;
    const event = httpApiEvent({ route, target, headers, ...(body && { body: JSON.stringify(body) }) });
    return async () => {
      const { statusCode, body: text } = await consumers({ ...event }, lambdaContext());
      assert.ok(statusCode < 300, text);
      text.charCodeAt(0);
      return text;
    };
  };
  const options = { name: 'c', format: 'json', 'auto.offset.reset': 'earliest', 'auto.commit.enable': false };
  const create = asking('POST', '', { body: options });
  const subscribe = asking('POST', '/instances/c/subscription', { body: { topics: [topic] } });
  const poll = asking('GET', '/instances/c/records', { query: `?timeout=5000&max_bytes=${bytes}` });
  const commit = asking('POST', '/instances/c/offsets', {});
  let begun: Promise<string> | null = null;
  return async () => {
    begun ??= create().then(subscribe);
    await begun;
    const text = await poll();
    if (commits) await commit();
    return text;
  };
}
