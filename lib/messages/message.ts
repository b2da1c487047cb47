import { type ErrorDetails, type ErrorName, GatewayError } from '../errors.ts';

/** A part of a message: a text or a number, or what is written as text, such as a place in a request. */
export type Part = { toString(): string };

/** A text, or one that is made of the parts. */
type Wording<Parts extends readonly Part[]> = string | ((...parts: Parts) => string);

/** A message that clients see. Called with its parts, it makes the error. */
export interface Message<Parts extends readonly Part[]> {
  (...parts: Parts): GatewayError;
  /** The same with what else an error may carry. */
  with(details: Omit<ErrorDetails, 'remedy'>, ...parts: Parts): GatewayError;
  readonly error: ErrorName;
  readonly what: Wording<Parts>;
  readonly remedy: Wording<Parts>;
}

/**
 * Defines a message of the catalogue. Its calls are marked as `@__PURE__`, so that a zip holds only the messages that it uses; esbuild knows a
 * mark at the function only within its file.
 *
 * @param error the row of the table of errors, which has status and code
 * @param what is wrong
 * @param remedy what to do, in the imperative; the end of the message
 */
export function message<const Parts extends readonly Part[] = []>(
  error: ErrorName,
  what: Wording<Parts>,
  remedy: Wording<Parts> = '',
): Message<Parts> {
  const make = (details: ErrorDetails, parts: Parts): GatewayError =>
    new GatewayError(error, worded(what, parts), { ...details, remedy: worded(remedy, parts) });
  return Object.assign((...parts: Parts) => make({}, parts), {
    with: (details: ErrorDetails, ...parts: Parts) => make(details, parts),
    error,
    what,
    remedy,
  });
}

const worded = <Parts extends readonly Part[]>(wording: Wording<Parts>, parts: Parts): string =>
  typeof wording === 'string' ? wording : wording(...parts);

/** The same error, with a sentence between what is wrong and the remedy. */
export const withRemark = (error: GatewayError, remark: string, remedy = error.remedy): GatewayError =>
  new GatewayError(error.name, `${error.what.replace(/\.$/, '')}. ${remark}`, { cause: error.cause, headers: error.headers, remedy });

/** The same error, of the part of a request that stands before it. */
export const inPart = (part: string, error: GatewayError, goOn = error.goOn): GatewayError =>
  new GatewayError(error.name, `${part}: ${error.what}`, { cause: error, headers: error.headers, remedy: error.remedy, goOn });

/** The same error with another remedy, and headers for it. */
export const remedied = (error: GatewayError, remedy: string, headers: Record<string, string>): GatewayError =>
  new GatewayError(error.name, error.what, { cause: error, headers: { ...error.headers, ...headers }, remedy, goOn: error.goOn });

/** The same message as another error. */
export const renamed = (name: ErrorName, error: GatewayError): GatewayError =>
  new GatewayError(name, error.what, { cause: error.cause, remedy: error.remedy });
