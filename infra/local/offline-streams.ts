import type { IncomingMessage, ServerResponse } from 'node:http';

/** Takes a request over that may want a stream; false for any other. `otherwise` is for one that turns out not to want one. */
export type TryStream = (request: IncomingMessage, response: ServerResponse, otherwise: () => void) => boolean;

const RECORDS = /^\/topics\/[^/?#]+\/records\/?(?:[?#]|$)/;

/**
 * Streams records in the process of `serverless offline`, at its own address. There are no other functions in it: they run in threads.
 * What it takes is loaded with the first request for a stream, as a start waits for everything that is loaded before.
 *
 * @param variables of the functions, those of this process besides
 */
export function streamsHere(variables: Readonly<Record<string, unknown>>): TryStream {
  for (const [name, value] of Object.entries(variables)) if (typeof value === 'string') process.env[name] ??= value;
  return (request, response, otherwise) => {
    if (!mayBeStream(request)) return false;
    void import('./stream-or-not.ts').then(({ streamOrNot }) => streamOrNot(request, response, otherwise));
    return true;
  };
}

/** False for what `wantsStream` certainly says no to. */
function mayBeStream({ method, url = '', headers: { accept = '' } }: IncomingMessage): boolean {
  if (method !== 'GET' || !RECORDS.test(url)) return false;
  return /text\/(?:event-stream|\*)|\*\/\*/i.test(accept) || url.includes('follow');
}
