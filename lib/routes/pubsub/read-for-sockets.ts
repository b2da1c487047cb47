import type { Context } from 'aws-lambda';
import { systemClock } from '../../clock.ts';
import { gatewayCluster } from '../../clusters/kafka-cluster.ts';
import { awsAccess } from '../../config/aws.ts';
import { freshConfiguration } from '../../config/fresh-configuration.ts';
import { logConfig } from '../../config/log.ts';
import { metricsConfig } from '../../config/metrics.ts';
import { socketsConfig } from '../../config/sockets.ts';
import { tracingConfig } from '../../config/tracing.ts';
import { GatewayError } from '../../errors.ts';
import { membersOf } from '../../json/json-members.ts';
import { socketSubscriptionsOff } from '../../messages/pubsub.ts';
import { connectionsAt } from '../../sockets/connections.ts';
import { openSocketTable } from '../../sockets/dynamodb-sockets.ts';
import { SocketReader } from '../../sockets/reader.ts';
import { wakeReader } from '../../sockets/wake-reader.ts';
import { log } from '../../telemetry/log.ts';
import { pushRecords } from './push-records.ts';

/** A Lambda handler that reads Kafka for the connections that API Gateway holds. */
export type ReaderHandler = (event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<void>;

/** Reserved at the end of an invocation, before the next one takes over: pushes in flight end, and their cursors are stored. */
const MARGIN_MS = 20_000;
const PAUSE_MS = 1000;

/**
 * Makes the handler that reads for the shard of connections that its event names. It runs until there is nobody to read for. If its time
 * runs out first, it invokes its function again.
 *
 * @throws when it cannot start or cannot hand over: then Lambda retries
 */
export function readForSockets(): ReaderHandler {
  return async (event, context) => {
    const until = Date.now() + Math.max(1000, context.getRemainingTimeInMillis() - MARGIN_MS);
    await configurationBy(until);
    logConfig();
    metricsConfig();
    tracingConfig();
    const config = socketsConfig();
    if (config === null) throw socketSubscriptionsOff();
    const shard = Number(membersOf(event).shard);
    if (!Number.isInteger(shard) || shard < 0) throw new Error('The event names no shard');
    const cluster = gatewayCluster();
    const startedAt = performance.now();
    const reader = new SocketReader(shard, {
      ...{ store: openSocketTable(config.table), connections: connectionsAt(config.url, awsAccess), clock: systemClock },
      push: (subscription, cursor, tools) => pushRecords(subscription, cursor, { ...tools, cluster }),
    });
    const ended = await reader.run(until);
    log.info('socket_reader', 'socket_reader', { shard, ended, ms: Math.round(performance.now() - startedAt) });
    if (ended === 'time') await wakeReader(awsAccess, config.reader, shard);
  };
}

/** Reads the document of variables, until a time (Unix milliseconds): clients that only receive wake no other reader. */
async function configurationBy(until: number): Promise<void> {
  for (;;) {
    try {
      return await freshConfiguration();
    } catch (error) {
      if (!(error instanceof GatewayError) || !error.retriable || Date.now() + PAUSE_MS >= until) throw error;
      await systemClock.wait(PAUSE_MS, new AbortController().signal);
    }
  }
}
