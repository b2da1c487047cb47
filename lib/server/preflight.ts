import type { IncomingMessage, ServerResponse } from 'node:http';
import { preflightHeaders } from '../admission/cors.ts';

/** Answers a CORS preflight request; returns false for any other request. */
export function preflight({ method, headers }: IncomingMessage, response: ServerResponse): boolean {
  const allowed = preflightHeaders(method, headers);
  if (allowed === null) return false;
  response.writeHead(204, allowed);
  response.end();
  return true;
}
