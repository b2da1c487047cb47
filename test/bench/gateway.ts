import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
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

function handlerOf(task: Exclude<Task, { kind: 'queue' }>): [GatewayHandler, HttpRequest] {
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
