/**
 * What a line of the log tells of: its `event`. Alarms, tests and dashboards match these names, and never the `message` beside them,
 * which is for people. So a name stays as it is once it is here. `docs/operate/observability.md` has the fields of each.
 */
export type LogEvent =
  // Of requests.
  /** A request was answered. One line for each. */
  | 'request'
  /** A stream came to its end. One line for each, besides that of its request. */
  | 'stream'
  /** A request failed, and there is more to say of it than its client was told. */
  | 'request_failed'
  /** Some records of a request failed that succeeded otherwise, for a reason that is the operator's to mend. */
  | 'records_failed'
  /** A task that was left for the end of a request failed. Its client does not notice. */
  | 'cleanup_failed'
  /** A WebSocket was opened, or refused. */
  | 'connect'
  /** A subscription of a WebSocket came to its end, or to the end of whoever read for it. One line for each. */
  | 'subscription'
  /** Records cannot be read for a subscription of a WebSocket for the moment; it is tried again. */
  | 'subscription_waits'
  /** What a function read for WebSockets until it ended. One line for each invocation. */
  | 'socket_reader'
  /** The subscriptions of WebSockets cannot be read from the table, or written to it; it is tried again. */
  | 'socket_table_unavailable'
  /** A message cannot be sent over a WebSocket for another reason than that it is closed; it is tried again. */
  | 'push_failed'
  /** A request could not be counted against its limits, as DynamoDB failed. */
  | 'limits_unavailable'
  /** Offsets that consumers have committed, and that the gateway's table keeps, could not be committed in Kafka as well; it is tried again. */
  | 'commits_not_mirrored'
  /** The outcome of a request could not be stored under its Idempotency-Key. */
  | 'idempotency_outcome_lost'
  // Of subscriptions.
  /** What came of the deliveries of an invocation. One line for each. */
  | 'deliveries'
  /** A subscription is delivered no longer: its endpoint is gone, or has failed for days. */
  | 'subscription_disabled'
  /** Records of a subscription cannot be read or kept, or had expired before they were read. */
  | 'subscription_stalled'
  /** A record was not delivered and is kept nowhere, as its endpoint or its subscription wants it. */
  | 'delivery_dropped'
  /** A record cannot be written to the dead letter topic of its subscription. */
  | 'delivery_not_buried'
  /** How far a subscription has come could not be written down; it is tried again. */
  | 'delivery_unsaved'
  /** The lease of a subscription could not be renewed; it is tried again. */
  | 'lease_unsure'
  /** Subscriptions cannot be read from the table, or written to it. */
  | 'subscriptions_unavailable'
  // Of log push.
  /** Entries of CloudWatch Logs could not be written to their topic; they are brought again. */
  | 'logs_not_pushed'
  // Of queues.
  /** A share group was joined and left again, which has Kafka set it up for partitions. */
  | 'queue_prepared'
  /** A broker keeps as many share sessions as it may, and opens no other for anyone. */
  | 'queue_sessions_used_up'
  /** A share session was closed whose locks had ended. At the level debug. */
  | 'queue_session_swept'
  /** Records of a queue cannot be read; Kafka gives them to nobody after some tries. */
  | 'queue_records_unreadable'
  /** A record could not be copied to its dead letter topic. It is tried again with its next delivery, unless that was the last. */
  | 'dead_letter_failed'
  // Of consumer groups.
  /** How far a group is behind that is listed for it. One line for each, each minute. */
  | 'lag'
  /** The lag of all groups that are listed was measured. One line each minute. */
  | 'lag_measured'
  /** The lag of a group, or of all of them, cannot be told. */
  | 'lag_unknown'
  // Of variables that change while the gateway runs.
  /** A document of variables was taken: they hold from then on. */
  | 'config_taken'
  /** A document of variables is wrong; what held before holds on. */
  | 'config_refused'
  /** The document of variables cannot be read; what held before holds on. */
  | 'config_unread'
  // Of callers.
  /** The authorizer let a caller in, or did not. One line for each request to it. */
  | 'authorizer'
  /** The authorizer could not tell who is calling: a wrong configuration, or keys or users that cannot be had. */
  | 'authorizer_failed'
  /** Grants do not say which mode a caller must be known by, and there are several: said once by each instance of the authorizer. */
  | 'grants_ambiguous'
  /** The gateway works without authentication: said once, with the first request. */
  | 'authentication_off'
  // Of Kafka, at the level debug.
  /** A connection to a broker is open and authenticated. */
  | 'connection_opened'
  /** A connection to a broker could not be opened. */
  | 'connection_failed'
  /** A connection to a broker that was open is closed, by either side. */
  | 'connection_closed'
  /** A new connection to a broker is opened, as the one before can be used no longer. */
  | 'connection_replaced'
  /** A broker accepted our credentials again over a connection that is open. */
  | 'session_renewed'
  /** Credentials for Kafka, a registry or callers were fetched: the first time, or again. */
  | 'credentials_renewed'
  /** A broker told who leads which partitions, and which brokers there are. */
  | 'metadata_refreshed'
  /** A consumer instance whose session had ended is a member again. */
  | 'consumer_rejoined'
  /** A consumer group has another coordinator than before. */
  | 'coordinator_moved'
  /** Something that failed in passing is tried again. */
  | 'retry'
  /** Kafka gave this process a producer id. */
  | 'producer_id_obtained'
  /** The producer id goes on in its next epoch, as it is not known whether a batch was written. */
  | 'producer_epoch_bumped'
  /** The producer id is given up; the next batch gets another one. */
  | 'producer_id_dropped';
