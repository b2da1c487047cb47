import { handler } from '../../../functions/queues.ts';
import { httpEvent, lambdaContext } from '../events/http-event.ts';

// The queues function in its own process, configured by its environment: answers its parent's requests.

interface Sent {
  id: number;
  method: string;
  path: string;
  body: string;
}

process.on('message', async ({ id, method, path, body }: Sent) => {
  const event = httpEvent(method, path, { headers: { 'content-type': 'application/json' }, body, isBase64Encoded: false });
  const { statusCode: status, body: text } = await handler(event, lambdaContext());
  process.send?.({ id, status, text });
});
process.on('disconnect', () => process.exit());
