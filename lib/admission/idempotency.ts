import { idempotencyConfig } from '../config/idempotency.ts';
import { produceConfig } from '../config/produce.ts';
import type { GatewayRequest } from '../http/request.ts';
import type { GatewayResponse } from '../http/response.ts';
import type { Done } from '../idempotency/once.ts';
import { keysNotKept } from '../messages/idempotency.ts';
import type { Once } from './idempotency-key.optional.ts';

/**
 * What answers a request: straight, or once for all requests with its `Idempotency-Key`.
 *
 * @param query the parameters of the request that matter to what is done
 * @param body as it was sent, decoded; read before this returns
 * @throws {GatewayError} BadRequest for a key that is none, and where none are kept: who sends one relies on it
 */
export async function onceOnly(request: GatewayRequest, query: object, body: Buffer): Promise<Once> {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return async (act) => answerOf(await act(request.deadline));

  const idempotency = idempotencyConfig();
  if (idempotency === null) {
    throw keysNotKept();
  }
  // Only in the zips of deployments that keep keys.
  const { onceForKey } = await import('./idempotency-key.optional.ts');
  return onceForKey(key, request, { query, body, headerPrefix: produceConfig().raw.headerPrefix }, idempotency);
}

function answerOf(done: Done): GatewayResponse {
  if ('error' in done) throw done.error;
  return done.answer;
}
