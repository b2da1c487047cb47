import type { IncomingMessage, ServerResponse } from 'node:http';
import { functionHandler } from '../../lib/admission/function-handler.ts';
import { readQuery } from '../../lib/http/query.ts';
import { streamTopics } from '../../lib/routes/streams/stream-topics.ts';
import { wantsStream } from '../../lib/routes/streams/wants-stream.ts';
import { httpEvent } from '../../lib/server/http-event.ts';
import { serveRequest } from '../../lib/server/serve-request.ts';

const handler = functionHandler({ 'GET /topics/{topics}/records': streamTopics });
// Never aborts: this process ends with its parent, even in the middle of a stream.
const { signal } = new AbortController();

/** Streams records of topics if the request wants a stream, and calls `otherwise` if not. */
export function streamOrNot(request: IncomingMessage, response: ServerResponse, otherwise: () => void): void {
  if (isStream(request)) void serveRequest(request, response, () => handler, signal);
  else otherwise();
}

function isStream(request: IncomingMessage): boolean {
  const { rawQueryString, headers } = httpEvent(request);
  try {
    return wantsStream({ headers, query: readQuery(rawQueryString) });
  } catch {
    // The function reports a query that is not UTF-8, as for all other requests.
    return false;
  }
}
