/**
 * The `event` of a log line. Alarms, tests and dashboards match these names, and never the `message`, which is for people. So a name never
 * changes. `docs/operate/observability.md` lists the fields of each event.
 */
export type LogEvent =
  // Requests.
  /** A request was answered. One line per request. */
  | 'request'
  /** A stream ended. One line per stream, in addition to that of its request. */
  | 'stream'
  /** A request failed, and the log has details that the client does not get. */
  | 'request_failed'
  /** Some records of an otherwise successful request failed for a reason that the operator must fix. */
  | 'records_failed'
  /** A task that ran at the end of a request failed. The client does not notice. */
  | 'cleanup_failed'
  /** A WebSocket was opened, or refused. */
  | 'connect'
  /** A WebSocket subscription ended, or its reader did. One line per subscription and reader. */
  | 'subscription'
  /** A WebSocket subscription temporarily gets no records, because reading fails; the gateway retries. */
  | 'subscription_waits'
  /** What a function read for WebSockets. One line per invocation, at its end. */
  | 'socket_reader'
  /** The gateway cannot read or write the table with the WebSocket subscriptions; it retries. */
  | 'socket_table_unavailable'
  /** Sending over an open WebSocket failed; the gateway retries. */
  | 'push_failed'
  /** A request could not be counted against its limits, because DynamoDB failed. */
  | 'limits_unavailable'
  /** Offsets that are committed in the gateway's table could not be committed in Kafka as well; the gateway retries. */
  | 'commits_not_mirrored'
  /** The outcome of a request could not be stored under its Idempotency-Key. */
  | 'idempotency_outcome_lost'
  // Subscriptions.
  /** The results of the deliveries of an invocation. One line per invocation. */
  | 'deliveries'
  /** The gateway has disabled a subscription: its endpoint is gone, or has failed for days. */
  | 'subscription_disabled'
  /** Records of a subscription cannot be read or stored, or expired before they were read. */
  | 'subscription_stalled'
  /** A record was neither delivered nor kept, as its endpoint or its subscription demands. */
  | 'delivery_dropped'
  /** A record cannot be written to the dead letter topic of its subscription. */
  | 'delivery_not_buried'
  /** The progress of a subscription could not be saved; the gateway retries. */
  | 'delivery_unsaved'
  /** The lease of a subscription could not be renewed; the gateway retries. */
  | 'lease_unsure'
  /** The gateway cannot read or write the table with the subscriptions, or cannot deliver at all. */
  | 'subscriptions_unavailable'
  // Log push.
  /** Entries of CloudWatch Logs could not be written to their topic; they are delivered again. */
  | 'logs_not_pushed'
  // Queues.
  /** The gateway joined and left a share group, so that Kafka initializes its partitions. */
  | 'queue_prepared'
  /** A broker has as many share sessions as it allows, and opens no more for anyone. */
  | 'queue_sessions_used_up'
  /** A share session whose locks had ended was closed. Level debug. */
  | 'queue_session_swept'
  /** Records of a queue cannot be read; Kafka archives them after some delivery attempts. */
  | 'queue_records_unreadable'
  /** A record could not be copied to its dead letter topic. Its next delivery retries that, unless it was the last. */
  | 'dead_letter_failed'
  // Consumer groups.
  /** The lag of a configured group. One line per group and minute. */
  | 'lag'
  /** The lag of all configured groups was measured. One line per minute. */
  | 'lag_measured'
  /** The lag of a group, or of all groups, could not be determined. */
  | 'lag_unknown'
  // Variables that change while the gateway runs.
  /** The variables of a document are now in use. */
  | 'config_taken'
  /** A document of variables is invalid; the variables in use stay. */
  | 'config_refused'
  /** The document of variables cannot be read; the variables in use stay. */
  | 'config_unread'
  // Callers.
  /** The authorizer admitted or refused a caller. One line per request to it. */
  | 'authorizer'
  /** The authorizer could not authenticate: its configuration is wrong, or keys or users are not available. */
  | 'authorizer_failed'
  /** Credentials, or users and keys, cannot be read again; the previous ones, if any, stay in use. */
  | 'credentials_kept'
  /** Grants do not name the caller's mode, although there are several modes: once per instance of the authorizer. */
  | 'grants_ambiguous'
  /** The gateway runs without authentication: once, with the first request. */
  | 'authentication_off'
  // Kafka, at level debug.
  /** A connection to a broker is open and authenticated. */
  | 'connection_opened'
  /** A connection to a broker could not be opened. */
  | 'connection_failed'
  /** An open connection to a broker was closed, by either side. */
  | 'connection_closed'
  /** A new connection to a broker is opened, because the one before is no longer usable. */
  | 'connection_replaced'
  /** A broker accepted the gateway's credentials again over an open connection. */
  | 'session_renewed'
  /** Credentials for Kafka, a registry or callers were fetched, for the first time or again. */
  | 'credentials_renewed'
  /** A broker sent metadata: the brokers, and the leaders of partitions. */
  | 'metadata_refreshed'
  /** A consumer instance whose session had ended has rejoined its group. */
  | 'consumer_rejoined'
  /** A consumer group has a new coordinator. */
  | 'coordinator_moved'
  /** The gateway retries after a temporary failure. */
  | 'retry'
  /** Kafka has assigned a producer id to this process. */
  | 'producer_id_obtained'
  /** The producer id continues in its next epoch, because it is unknown whether a batch was written. */
  | 'producer_epoch_bumped'
  /** The producer id is dropped; the next batch gets a new one. */
  | 'producer_id_dropped';
