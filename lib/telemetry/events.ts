/**
 * What a line of the log tells of: its `event`. Alarms, tests and dashboards match these names, and never the `message` beside them,
 * which is for people. So a name stays as it is once it is here. `docs/operate/observability.md` has the fields of each.
 */
export type LogEvent =
  // Of requests.
  /** A request was answered. One line for each. */
  | 'request'
  /** A request failed, and there is more to say of it than its client was told. */
  | 'request_failed'
  /** Some records of a request failed that succeeded otherwise, for a reason that is the operator's to mend. */
  | 'records_failed'
  /** A task that was left for the end of a request failed. Its client does not notice. */
  | 'cleanup_failed'
  /** A WebSocket was opened, or refused. */
  | 'connect'
  /** A request could not be counted against its limits, as DynamoDB failed. */
  | 'limits_unavailable'
  /** The outcome of a request could not be stored under its Idempotency-Key. */
  | 'idempotency_outcome_lost'
  // Of callers.
  /** The authorizer let a caller in, or did not. One line for each request to it. */
  | 'authorizer'
  /** The authorizer could not tell who is calling: a wrong configuration, or keys or users that cannot be had. */
  | 'authorizer_failed'
  /** The gateway works without authentication: said once, with the first request. */
  | 'authentication_off';
