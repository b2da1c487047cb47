import type { IncomingMessage, ServerResponse } from 'node:http';
import { functionHandler } from '../../lib/admission/function-handler.ts';
import { readQuery } from '../../lib/http/query.ts';
import { streamTopics } from '../../lib/routes/streams/stream-topics.ts';
import { wantsStream } from '../../lib/routes/streams/wants-stream.ts';
import { httpEvent } from '../../lib/server/http-event.ts';
import { serveRequest } from '../../lib/server/serve-request.ts';

/** Takes a request over that wants a stream; false for any other. */
export type TryStream = (request: IncomingMessage, response: ServerResponse) => boolean;

const RECORDS = /^\/topics\/[^/]+\/records\/?$/;

/**
 * Streams records in the process of `serverless offline`, at its own address. There are no other functions in it: they run in threads.
 *
 * @param variables of the functions, those of this process besides
 */
export function streamsHere(variables: Readonly<Record<string, unknown>>): TryStream {
  for (const [name, value] of Object.entries(variables)) if (typeof value === 'string') process.env[name] ??= value;
  const handler = functionHandler({ 'GET /topics/{topics}/records': streamTopics });
  // It ends when its parent does, in the middle of a stream.
  const { signal } = new AbortController();
  return (request, response) => {
    if (request.method !== 'GET' || !isStream(request)) return false;
    void serveRequest(request, response, () => handler, signal);
    return true;
  };
}

function isStream(request: IncomingMessage): boolean {
  const { rawPath, rawQueryString, headers } = httpEvent(request, Buffer.alloc(0));
  if (!RECORDS.test(rawPath)) return false;
  try {
    return wantsStream({ headers, query: readQuery(rawQueryString) });
  } catch {
    // A query that is not UTF-8 is told so like in all other requests.
    return false;
  }
}
