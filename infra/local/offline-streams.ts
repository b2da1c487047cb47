import type { IncomingMessage, ServerResponse } from 'node:http';

/** Handles a request that may want a stream; returns false for any other. Calls `otherwise` if the request turns out not to want one. */
export type TryStream = (request: IncomingMessage, response: ServerResponse, otherwise: () => void) => boolean;

const RECORDS = /^\/topics\/[^/?#]+\/records\/?(?:[?#]|$)/;

/**
 * Streams records in the process of `serverless offline`, at its own address; the functions run in threads instead. The code is loaded with
 * the first request for a stream, so that it does not slow down the start.
 *
 * @param variables of the functions, in addition to those of this process
 */
export function streamsHere(variables: Readonly<Record<string, unknown>>): TryStream {
  for (const [name, value] of Object.entries(variables)) if (typeof value === 'string') process.env[name] ??= value;
  return (request, response, otherwise) => {
    if (!mayBeStream(request)) return false;
    void import('./stream-or-not.ts').then(({ streamOrNot }) => streamOrNot(request, response, otherwise));
    return true;
  };
}

/** False for requests that `wantsStream` would certainly reject. */
function mayBeStream({ method, url = '', headers: { accept = '' } }: IncomingMessage): boolean {
  if (method !== 'GET' || !RECORDS.test(url)) return false;
  return /text\/(?:event-stream|\*)|\*\/\*/i.test(accept) || url.includes('follow');
}
