import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { isObject, jsonMembers } from '../json/json-members.ts';

/** An entry of a log group. */
export interface LogEntry {
  /** The same each time that CloudWatch Logs or Lambda sends the entry. */
  readonly id: string;
  /** Unix milliseconds. */
  readonly timestamp: number;
  readonly message: string;
}

/** Entries from a subscription of CloudWatch Logs. */
export interface LogBatch {
  readonly group: string;
  readonly stream: string;
  readonly entries: readonly LogEntry[];
}

const unzip = promisify(gunzip);
/** CloudWatch Logs sends at most 1 MB, compressed. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * The batches of an event: an event of a CloudWatch Logs subscription, or one of a queue in which Lambda keeps events of failed invocations
 * (`requestPayload`).
 *
 * @throws {Error} for any other event
 */
export async function batchesOf(event: unknown): Promise<LogBatch[]> {
  if (isObject(event) && Array.isArray(event.Records)) {
    const batches: LogBatch[] = [];
    for (const record of event.Records) {
      const kept = isObject(record) && typeof record.body === 'string' ? jsonMembers(record.body) : null;
      batches.push(...(await batchesOf(kept?.requestPayload)));
    }
    return batches;
  }
  const data = isObject(event) && isObject(event.awslogs) ? event.awslogs.data : null;
  if (typeof data !== 'string') throw new Error('The event is not one of CloudWatch Logs');
  const text = await unzip(Buffer.from(data, 'base64'), { maxOutputLength: MOST_BYTES });
  const { messageType, logGroup, logStream, logEvents } = jsonMembers(text.toString()) ?? {};
  // CloudWatch Logs sometimes checks whether the destination is reachable.
  if (messageType === 'CONTROL_MESSAGE') return [];
  if (typeof logGroup !== 'string' || typeof logStream !== 'string' || !Array.isArray(logEvents)) {
    throw new Error('The event is not one of CloudWatch Logs');
  }
  return [{ group: logGroup, stream: logStream, entries: logEvents.map(entryOf) }];
}

function entryOf(event: unknown): LogEntry {
  if (isObject(event) && typeof event.id === 'string' && typeof event.timestamp === 'number' && typeof event.message === 'string') {
    return { id: event.id, timestamp: event.timestamp, message: event.message };
  }
  throw new Error('An entry of the event is not one of CloudWatch Logs');
}
