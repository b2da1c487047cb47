import type { IncomingMessage, ServerResponse } from 'node:http';
import { preflightHeaders } from '../admission/cors.ts';

/** Answers what a browser asks before it lets a page of another origin send a request; false where that is not what is asked. */
export function preflight({ method, headers }: IncomingMessage, response: ServerResponse): boolean {
  const allowed = preflightHeaders(method, headers);
  if (allowed === null) return false;
  response.writeHead(204, allowed);
  response.end();
  return true;
}
