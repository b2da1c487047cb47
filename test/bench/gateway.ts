import assert from 'node:assert/strict';
import { handler as fetch } from '../../functions/fetch-from-offset.ts';
import { handler as produce } from '../../functions/produce.ts';
import { handler as page } from '../../functions/read-topics.ts';
import type { GatewayHandler } from '../../lib/http/gateway-handler.ts';
import { lambdaContext } from '../harness/events/http-event.ts';
import { type HttpRequest, httpApiEvent } from '../harness/lambda/api-gateway.ts';
import { fetchRequest, pageRequest, produceRequest } from './requests.ts';
import { FETCH_BYTES, type Prepare, type Task } from './tasks.ts';

/** The handlers, called as Lambda calls them: from API Gateway's event to the response. */
export const gateway: Prepare = (task) => {
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

function handlerOf(task: Task): [GatewayHandler, HttpRequest] {
  if (task.kind === 'produce') return [produce, produceRequest(task.topic, task.format, task.count, task.compression)];
  if (task.kind === 'page') return [page, pageRequest(task.topic, task.format, FETCH_BYTES, task.partitions)];
  return [fetch, fetchRequest(task.topic, task.format, FETCH_BYTES)];
}
