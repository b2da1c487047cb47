import { parentPort, workerData } from 'node:worker_threads';
import { handler } from '../../../functions/produce.ts';
import { closeClusters } from '../../../lib/clusters/warm-clusters.ts';
import { httpEvent, lambdaContext } from '../../harness/events/http-event.ts';

// The produce function in a thread of its own, whose environment is its configuration: answers one request.

const { path, headers, body }: { path: string; headers: Record<string, string>; body: string } = workerData;
const event = httpEvent('POST', path, { headers, body: Buffer.from(body).toString('base64'), isBase64Encoded: true });
const { statusCode: status, body: text } = await handler(event, lambdaContext());
closeClusters();
parentPort?.postMessage({ status, text });
