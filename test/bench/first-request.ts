import { assertOk, send } from '../harness/lambda/api-gateway.ts';
import type { LambdaFunction } from '../harness/lambda/start-function.ts';
import { produceRequest } from './requests.ts';

/** What a cold start to one record takes, in milliseconds. */
export interface FirstRequest {
  /** From the start of the process until it asks for its first event. */
  init: number;
  /** From then on until the record is acknowledged. */
  first: number;
}

/** Sends one record to the produce function, which has just been started, and stops it. */
export async function firstRequest(starting: Promise<LambdaFunction>, topic: string): Promise<FirstRequest> {
  const fn = await starting;
  try {
    const started = performance.now();
    assertOk(await send(fn, produceRequest(topic, 'json', 1)));
    return { init: fn.initMs, first: performance.now() - started };
  } finally {
    await fn.stop();
  }
}
