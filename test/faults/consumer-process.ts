import { handler } from '../../functions/consumers.ts';
import { httpEvent, lambdaContext } from '../harness/events/http-event.ts';

/** A request to {@link process}, and its answer. */
export interface ConsumerRequest {
  id: number;
  method: string;
  path: string;
  query: string;
  body: string | null;
  /** In Unix milliseconds, as API Gateway says it. */
  sentAt: number;
}

export interface ConsumerAnswer {
  id: number;
  status: number;
  text: string;
}

// The function of consumers in a process of its own, as one instance of Lambda is: answers what its parent sends.

process.on('message', async ({ id, method, path, query, body, sentAt }: ConsumerRequest) => {
  const headers = { 'content-type': 'application/json' };
  const event = httpEvent(method, path, { headers, query, ...(body !== null && { body }), timeEpoch: sentAt });
  const { statusCode: status, body: text } = await handler(event, lambdaContext());
  process.send?.({ id, status, text } satisfies ConsumerAnswer);
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
