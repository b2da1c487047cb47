import { message } from './message.ts';

/** Messages on streams. */

export const streamsAreElsewhere = /* @__PURE__ */ message(
  'NotAcceptable',
  (_url: string) => 'This address sends answers as a whole and cannot stream',
  (url) => `send the request to ${url}, or ask for application/json and come back with nextCursor`,
);
export const noStreams = /* @__PURE__ */ message(
  'NotAcceptable',
  'This gateway sends answers as a whole and cannot stream',
  'ask for application/json and come back with nextCursor',
);
export const groupInStream = /* @__PURE__ */ message(
  'BadRequest',
  'A stream does not commit offsets of a consumer group',
  'leave out group and delivery, or read pages',
);
export const schemasInStream = /* @__PURE__ */ message(
  'BadRequest',
  'A stream shows records as json, text or binary',
  'leave out format and key-format, or read pages',
);
