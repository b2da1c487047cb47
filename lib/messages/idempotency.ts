import { message } from './message.ts';

/** Messages on requests with an `Idempotency-Key`. */

export const keyInvalid = /* @__PURE__ */ message(
  'BadRequest',
  (most: number) => `Idempotency-Key must be one key of 1 to ${most} ASCII characters`,
  'put it in quotes, such as "8e03978e-40d5-43dd-bc93-6894a57f9324"',
);
export const keysNotKept = /* @__PURE__ */ message(
  'BadRequest',
  'This gateway does not keep Idempotency-Keys',
  'send the request without one, or have GATEWAY_IDEMPOTENCY set',
);
export const keyInUse = /* @__PURE__ */ message(
  'IdempotencyKeyInUse',
  'The first request with this Idempotency-Key is still in progress',
  'try again',
);
export const keyReused = /* @__PURE__ */ message(
  'IdempotencyKeyReused',
  'This Idempotency-Key was used for another request',
  'use a key of its own for every request',
);
export const keyNotLookedUp = /* @__PURE__ */ message(
  'StorageUnavailable',
  'The gateway cannot look up the Idempotency-Key now. Nothing was written',
  'try again',
);
export const outcomeUnknown = /* @__PURE__ */ message(
  'OutcomeUnknown',
  (since: string) =>
    `The first request with this Idempotency-Key, at ${since}, ended before it was known whether its records were written, so this one did not write them`,
  'look for them from that time on, and send what is missing with another key',
);
