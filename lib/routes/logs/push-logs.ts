import type { Context } from 'aws-lambda';
import { gatewayCluster } from '../../clusters/kafka-cluster.ts';
import { freshConfiguration } from '../../config/fresh-configuration.ts';
import { logConfig } from '../../config/log.ts';
import { logPushConfig } from '../../config/log-push.ts';
import type { ErrorName } from '../../errors.ts';
import { compressionOf, producerOf } from '../../kafka/produce/produce-records.ts';
import { batchesOf } from '../../logs/log-event.ts';
import { logRecord } from '../../logs/log-record.ts';
import { log } from '../../telemetry/log.ts';

/** A Lambda handler that writes log entries to a topic. */
export type LogsHandler = (event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<void>;

/** A retry would fail again, and write the other entries of the event once more. */
const TOO_LARGE: ErrorName = 'TooLarge';
/** Reserved at the end of an invocation to log what failed. */
const MARGIN_MS = 3000;

/**
 * Makes the handler of log entries: it writes each as one record, with acks=all. If Kafka does not acknowledge a record, the invocation
 * fails and Lambda retries the whole event: records that were already written are then duplicates with the same id. An entry that is too
 * large for the topic is only logged. Entries of the function's own log group are ignored.
 */
export function pushLogs(): LogsHandler {
  return async (event, context) => {
    try {
      await freshConfiguration();
      logConfig();
      const { topic, ownGroup, ...form } = logPushConfig();
      const batches = (await batchesOf(event)).filter(({ group }) => group !== ownGroup);
      const now = Date.now();
      const records = batches.flatMap((batch) =>
        batch.entries.map((entry) => ({ ...logRecord(entry, batch, form, now), topic, partition: null })),
      );
      if (records.length === 0) return;
      const deadline = now + Math.max(1000, context.getRemainingTimeInMillis() - MARGIN_MS);
      const written = await producerOf(gatewayCluster()).produce(records, { acks: -1, compression: compressionOf('gzip'), deadline });
      const failures = written.flatMap((one, i) => ('error' in one ? [{ error: one.error, headers: records[i].headers }] : []));
      const lasting = failures.filter(({ error }) => error.name === TOO_LARGE);
      for (const { error, headers } of lasting) {
        const [id, group, stream] = (headers ?? []).map(({ value }) => String(value));
        log.error('logs_not_pushed', 'A log entry is larger than its topic accepts: it is only in its log group', {
          id,
          group,
          stream,
          error,
        });
      }
      const [passing] = failures.filter(({ error }) => error.name !== TOO_LARGE);
      if (passing !== undefined) throw passing.error;
    } catch (error) {
      log.error('logs_not_pushed', 'Log entries cannot be written to their topic; they are delivered again', { error });
      throw error;
    }
  };
}
