import { quote } from '../quote.ts';
import { message } from './message.ts';

/** Messages on a request as such: its path, its query, its media types and its body. */

export const routeNotFound = /* @__PURE__ */ message(
  'RouteNotFound',
  (path: string) => `There is nothing at ${quote(path)}`,
  'use one of the paths that GET /openapi.json lists',
);
export const routeNotServed = /* @__PURE__ */ message(
  'RouteNotFound',
  (route: string) => `${route} is not served by this function`,
  'send the request through API Gateway',
);
export const methodNotAllowed = /* @__PURE__ */ message(
  'MethodNotAllowed',
  (path: string, _allowed: string) => `The method is not allowed at ${quote(path)}`,
  (_path, allowed) => `use ${allowed}`,
);
export const segmentNotUtf8 = /* @__PURE__ */ message(
  'BadRequest',
  (segment: string) => `The path segment ${quote(segment)} has a percent escape that is not UTF-8 text`,
  'encode the segment as UTF-8',
);
export const escapedSlash = /* @__PURE__ */ message(
  'BadRequest',
  'This path has an escaped slash in a name, which API Gateway cannot tell from a slash between names',
  'use a name without a slash',
);
export const brokerNotFound = /* @__PURE__ */ message('RouteNotFound', (broker: string) => `There is no broker ${quote(broker)}`);
export const notAnHttpEvent = /* @__PURE__ */ message(
  'BadRequest',
  'The event is not one of an API Gateway HTTP API (payload format 2.0): requestContext.http.method is missing',
  'call the function through an HTTP API',
);

export const queryNotUtf8 = /* @__PURE__ */ message(
  'BadRequest',
  'The query string has a percent escape that is not UTF-8 text',
  'encode the query string as UTF-8',
);
export const parameterMissing = /* @__PURE__ */ message(
  'BadRequest',
  (name: string, _accepts: string) => `The query parameter ${name} is missing`,
  (_name, accepts) => `give ${accepts}`,
);
export const parameterRepeated = /* @__PURE__ */ message(
  'BadRequest',
  (name: string) => `The query parameter ${name} is given more than once`,
  'give it once',
);
export const parameterInvalid = /* @__PURE__ */ message(
  'BadRequest',
  (name: string, accepts: string) => `The query parameter ${name} must be ${accepts}`,
);

export const notAcceptable = /* @__PURE__ */ message(
  'NotAcceptable',
  (offered: string) => `None of the media types in Accept is available. Available: ${offered}`,
);
export const contentEncodingNotSupported = /* @__PURE__ */ message(
  'UnsupportedMediaType',
  (name: string) => `Content-Encoding ${quote(name)} is not supported`,
  'use gzip or none',
);
export const transferCodingNotSupported = /* @__PURE__ */ message(
  'NotSupported',
  (names: string) => `Transfer-Encoding ${quote(names)} is not supported`,
  'send chunked alone, and name a compression in Content-Encoding',
);
export const requestTooSlow = /* @__PURE__ */ message(
  'BadRequest',
  (seconds: number) => `The request has not come as a whole within ${seconds} seconds`,
  'send it faster, or in parts',
);
export const headersTooLarge = /* @__PURE__ */ message(
  'TooLarge',
  'The headers of the request are too large',
  'send fewer or shorter ones',
);
export const requestUnreadable = /* @__PURE__ */ message(
  'BadRequest',
  (reason: string) => `The request cannot be read as HTTP/1.1: ${reason}`,
  'check what sends it, and leave TLS to a proxy in front',
);
export const hostMissing = /* @__PURE__ */ message('BadRequest', 'The request has no Host header', 'send it, as HTTP/1.1 demands');
export const jsonExpected = /* @__PURE__ */ message(
  'UnsupportedMediaType',
  'The media type of the body is not supported',
  'send JSON, with Content-Type: application/json',
);

export const bodyTooLarge = /* @__PURE__ */ message(
  'TooLarge',
  (limit: number) => `The request body is larger than ${limit} bytes`,
  'send less in one request',
);
export const inflatedBodyTooLarge = /* @__PURE__ */ message(
  'TooLarge',
  (limit: number) => `The request body is larger than ${limit} bytes when decompressed`,
  'send less in one request',
);
export const bodyNotBase64 = /* @__PURE__ */ message(
  'BadRequest',
  'The request body is marked as base64, but is not base64',
  'encode it as base64',
);
export const bodyNotGzip = /* @__PURE__ */ message(
  'BadRequest',
  'The request body is not whole and valid gzip',
  'compress it again, or send it uncompressed',
);
export const bodyNotUtf8 = /* @__PURE__ */ message('BadRequest', 'The request body is not UTF-8 text', 'encode it as UTF-8');
export const bodyMissing = /* @__PURE__ */ message('BadRequest', 'The request has no body', 'send a JSON object');
/** Confluent's words. */
export const bodyMissingV3 = /* @__PURE__ */ message('InvalidPayload', 'Payload error. Request body is empty. Data is required.');
export const bodyNotJson = /* @__PURE__ */ message('BadRequest', 'The request body is not valid JSON', 'check its syntax');
export const bodyNotJsonAt = /* @__PURE__ */ message(
  'BadRequest',
  'The request body is not valid JSON',
  (position: string) => `see ${position}`,
);
export const memberOfPrototype = /* @__PURE__ */ message(
  'BadRequest',
  'The request body has a member named __proto__, or a constructor with a prototype',
  'leave it out',
);

export const malformedJson = /* @__PURE__ */ message('BadRequest', (why: string) => `Malformed JSON: ${why}`);
export const jsonNotUtf8 = /* @__PURE__ */ message('BadRequest', (byte: number) => `Malformed JSON: not UTF-8 at byte ${byte}`);

export const gatewayFailed = /* @__PURE__ */ message(
  'InternalError',
  'The gateway failed',
  (requestId: string) => `ask its operator to look up the request id ${requestId} in the log`,
);
export const timeRanOut = /* @__PURE__ */ message(
  'DeadlineExceeded',
  'The time for this request ran out. Records that it sent may have been written',
  'look for them before you send them again',
);
export const readRanOut = /* @__PURE__ */ message('DeadlineExceeded', 'The time for this request ran out', 'try again');

/** Begins as Confluent's does. */
export const fieldUnknown = /* @__PURE__ */ message('InvalidRecord', (name: string) => `Unrecognized field: ${quote(name)}`);
export const parameterNeedsTopic = /* @__PURE__ */ message(
  'BadRequest',
  'The query parameter partition needs topic',
  'give topic, or leave partition out',
);
export const tooManyOf = /* @__PURE__ */ message(
  'TooLarge',
  (what: string, most: number) => `The request has more than ${most} ${what}`,
  (_what, most) => `send at most ${most} in one request`,
);
export const parsedTooLong = /* @__PURE__ */ message(
  'TooLarge',
  (most: number) => `The schemas in the request are longer than ${most} bytes`,
  'register them, and send their ids',
);
export const answerTooLong = /* @__PURE__ */ message(
  'TooLarge',
  (count: number) => `The answer to ${count} records is larger than a response can be`,
  'send fewer in one request',
);
export const notConfigured = /* @__PURE__ */ message(
  'InternalError',
  'The gateway is not configured',
  'ask its operator to read its log, which says what to set',
);
export const configurationAway = /* @__PURE__ */ message(
  'StorageUnavailable',
  'The gateway cannot read its configuration at the moment',
  'try again',
);
