/**
 * Every error that a client of the gateway can see: the HTTP status, the `error_code` of the body, and whether the same request
 * may succeed later (then the response carries `Retry-After`). Codes are those of the Kafka REST API v2 and v3 where they have one.
 */
export const errors = {
  BadRequest: { status: 400, code: 400, retriable: false },
  InvalidArgument: { status: 400, code: 40002, retriable: false },
  Unauthorized: { status: 401, code: 40101, retriable: false },
  Forbidden: { status: 403, code: 40301, retriable: false },
  RouteNotFound: { status: 404, code: 404, retriable: false },
  TopicNotFound: { status: 404, code: 40401, retriable: false },
  PartitionNotFound: { status: 404, code: 40402, retriable: false },
  ConsumerNotFound: { status: 404, code: 40403, retriable: false },
  GroupNotFound: { status: 404, code: 40405, retriable: false },
  SubscriptionNotFound: { status: 404, code: 40408, retriable: false },
  MethodNotAllowed: { status: 405, code: 405, retriable: false },
  NotAcceptable: { status: 406, code: 406, retriable: false },
  SchemaNotAvailable: { status: 408, code: 40801, retriable: false },
  ConsumerExists: { status: 409, code: 40902, retriable: false },
  IllegalState: { status: 409, code: 40903, retriable: false },
  TopicExists: { status: 409, code: 40904, retriable: false },
  IdempotencyKeyInUse: { status: 409, code: 40905, retriable: true },
  OutcomeUnknown: { status: 409, code: 40906, retriable: false },
  Conflict: { status: 409, code: 40908, retriable: false },
  NoLongerHeld: { status: 409, code: 40907, retriable: false },
  TooLarge: { status: 413, code: 413, retriable: false },
  UnsupportedMediaType: { status: 415, code: 415, retriable: false },
  InvalidRecord: { status: 422, code: 422, retriable: false },
  KeySchemaMissing: { status: 422, code: 42201, retriable: false },
  ValueSchemaMissing: { status: 422, code: 42202, retriable: false },
  InvalidSchema: { status: 422, code: 42205, retriable: false },
  InvalidPayload: { status: 422, code: 42206, retriable: false },
  SchemaUnusable: { status: 422, code: 42207, retriable: false },
  InvalidBatch: { status: 422, code: 42208, retriable: false },
  IdempotencyKeyReused: { status: 422, code: 42209, retriable: false },
  LimitExceeded: { status: 429, code: 429, retriable: true },
  QuotaExceeded: { status: 429, code: 42901, retriable: true },
  InternalError: { status: 500, code: 500, retriable: false },
  KafkaRefused: { status: 500, code: 50002, retriable: false },
  NotSupported: { status: 501, code: 50101, retriable: false },
  KafkaAuthentication: { status: 502, code: 50201, retriable: false },
  RegistryAuthentication: { status: 502, code: 50202, retriable: false },
  EndpointFailed: { status: 502, code: 50203, retriable: false },
  KafkaUnavailable: { status: 503, code: 50003, retriable: true },
  CredentialsUnavailable: { status: 503, code: 50302, retriable: true },
  StorageUnavailable: { status: 503, code: 50303, retriable: true },
  LimitsUnavailable: { status: 503, code: 50304, retriable: true },
  RegistryUnavailable: { status: 503, code: 50305, retriable: true },
  DeadlineExceeded: { status: 504, code: 50401, retriable: true },
} as const;

/** The name of a row of {@link errors}. */
export type ErrorName = keyof typeof errors;

/** Where a reader continues after something that it cannot get. */
export interface WayOn {
  /** Both are left out if the reader has one partition. */
  topic?: string;
  partition?: number;
  offset: number;
}

/** What an error may carry besides its name and message. */
export interface ErrorDetails {
  /** What was thrown below; logged, never shown to a client. */
  cause?: unknown;
  /** What to do about it, in the imperative; the end of the message. */
  remedy?: string;
  /** Response headers that belong to the error, such as `Allow` or `WWW-Authenticate`. */
  headers?: Record<string, string>;
  /** Where to continue after something that cannot be read. */
  goOn?: WayOn | null;
  /** Status and code instead of the row's, if the configuration sets others. */
  as?: { status: number; code: number };
}

/**
 * The one error class of the gateway. `message` is shown to the client: it says what is wrong and what to do, and never holds a
 * secret, a broker address or a stack trace; those belong in `cause`, which is logged. Only errors of 500 and above have a stack.
 * lib/messages makes all errors.
 */
export class GatewayError extends Error {
  override readonly name: ErrorName;
  /** The end of the message; empty if there is nothing to do. */
  readonly remedy: string;
  readonly headers: Record<string, string>;
  /** Where to continue reading; null if the error does not say. */
  readonly goOn: WayOn | null;
  /** HTTP status of the response. */
  readonly status: number;
  /** `error_code` of the response's body. */
  readonly code: number;

  constructor(name: ErrorName, what: string, { cause, remedy = '', headers = {}, goOn = null, as = errors[name] }: ErrorDetails = {}) {
    const { stackTraceLimit } = Error;
    // A client's error is an answer, and a request may get one for each record: nobody reads its stack, which would be its main cost.
    if (as.status < 500) Error.stackTraceLimit = 0;
    super(remedy === '' ? what : `${what}: ${remedy}`, cause === undefined ? undefined : { cause });
    Error.stackTraceLimit = stackTraceLimit;
    this.name = name;
    this.remedy = remedy;
    this.headers = headers;
    this.goOn = goOn;
    this.status = as.status;
    this.code = as.code;
  }

  /** The message without the remedy. */
  get what(): string {
    return this.remedy === '' ? this.message : this.message.slice(0, -this.remedy.length - 2);
  }

  /** True when the same request may succeed later. */
  get retriable(): boolean {
    return errors[this.name].retriable;
  }
}

/** The `error_code` in v3 of the API, whose clients expect another one for a topic that does not exist. */
export const codeInV3 = ({ name, code }: GatewayError): number => (name === 'TopicNotFound' ? 40403 : code);
