import { idempotencyConfig } from '../config/idempotency.ts';
import { produceConfig } from '../config/produce.ts';
import type { GatewayRequest } from '../http/request.ts';
import type { GatewayResponse } from '../http/response.ts';
import type { Done } from '../idempotency/once.ts';
import { keysNotKept } from '../messages/idempotency.ts';
import type { Once } from './idempotency-key.optional.ts';

/**
 * How to answer a request: at once, or through the one response for all requests with its `Idempotency-Key`.
 *
 * @param query the query parameters that affect the action
 * @param body as sent, decoded; read before this returns
 * @throws {GatewayError} BadRequest for a malformed key, or when the gateway keeps no keys: the client relies on its key
 */
export async function onceOnly(request: GatewayRequest, query: object, body: Buffer): Promise<Once> {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return async (act) => answerOf(await act(request.deadline));

  const idempotency = idempotencyConfig();
  if (idempotency === null) {
    throw keysNotKept();
  }
  // Only the zips of deployments that keep keys contain it.
  const { onceForKey } = await import('./idempotency-key.optional.ts');
  return onceForKey(key, request, { query, body, headerPrefix: produceConfig().raw.headerPrefix }, idempotency);
}

function answerOf(done: Done): GatewayResponse {
  if ('error' in done) throw done.error;
  return done.answer;
}
