import { message } from './message.ts';

/** Messages on limits of the gateway. */

export const limitReached = /* @__PURE__ */ message(
  'LimitExceeded',
  (limit: string, _seconds: number) => `The limit is reached, which is ${limit}`,
  (_limit, seconds) => `try again in ${seconds} s`,
);
/** In the words of the rule. */
export const limitReachedInWords = /* @__PURE__ */ message('LimitExceeded', (words: string) => words);
export const aboveLimit = /* @__PURE__ */ message(
  'TooLarge',
  (count: number, unit: string, limit: string) => `${count} ${unit} are more than the limit, ${limit}, ever allows`,
  'send less in one request',
);
export const tooManyTopicsToCount = /* @__PURE__ */ message(
  'TooLarge',
  (most: number) => `Limits cannot be counted for more than ${most} topics in one request`,
  'send fewer',
);
export const limitsUnavailable = /* @__PURE__ */ message(
  'LimitsUnavailable',
  'The gateway cannot count this request against its limits at the moment',
  'try again',
);
