import assert from 'node:assert/strict';
import { handler as fetch } from '../../functions/fetch-from-offset.ts';
import { handler as produce } from '../../functions/produce.ts';
import { httpApiEvent } from '../packaged/runtime/api-gateway.ts';
import { lambdaContext } from '../unit/http/http-event.ts';
import { fetchRequest, produceRequest } from './requests.ts';
import { FETCH_BYTES, type Prepare } from './tasks.ts';

/** The handlers, called as Lambda calls them: from API Gateway's event to the response. */
export const gateway: Prepare = (task) => {
  const { topic, format } = task;
  const [handler, request] =
    task.kind === 'produce'
      ? [produce, produceRequest(topic, format, task.count, task.compression)]
      : [fetch, fetchRequest(topic, format, FETCH_BYTES)];
  const event = httpApiEvent(request);

  return async () => {
    const { statusCode, body } = await handler({ ...event }, lambdaContext());
    assert.equal(statusCode, 200, body);
    // A string put together of parts becomes one piece when it is first looked into: that belongs to the cost, as Lambda will do it.
    body.charCodeAt(0);
    return body;
  };
};
