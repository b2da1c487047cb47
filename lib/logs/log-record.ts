import { jsonMembers } from '../json/json-members.ts';
import { type Header, type NewRecord, whole } from '../kafka/record.ts';
import { kafkaLoggerEntry } from './kafka-logger-entry.ts';
import type { LogBatch, LogEntry } from './log-event.ts';
import { filled, type Template, textOf } from './log-template.ts';

/** How entries become records. */
export interface LogForm {
  /** A text of the entry that becomes the key; null for none. */
  readonly key: string | null;
  /** The value: the entry as it is, the fields of kafka-logger, or a template. */
  readonly value: 'entry' | 'kafka-logger' | Template;
}

/**
 * A record of an entry. Its header `log-event-id` is the same each time that the entry is sent, and tells duplicates.
 *
 * @param now Unix milliseconds
 */
export function logRecord(entry: LogEntry, { group, stream }: LogBatch, { key, value }: LogForm, now: number): NewRecord {
  const members = jsonMembers(entry.message);
  const source = { entry, group, stream, members };
  const keyText = key === null ? null : textOf(key, source);
  const headers: Header[] = [
    ...[
      ['log-event-id', entry.id],
      ['log-group', group],
      ['log-stream', stream],
    ].map(([name, text]) => ({ key: name, value: Buffer.from(text) })),
    ...(typeof members?.requestId === 'string' ? [{ key: 'request-id', value: Buffer.from(members.requestId) }] : []),
  ];
  const text =
    value === 'entry' ? entry.message : JSON.stringify(value === 'kafka-logger' ? kafkaLoggerEntry(source) : filled(value, source));
  return {
    key: keyText === null ? null : whole(Buffer.from(keyText)),
    value: whole(Buffer.from(text)),
    headers,
    // Kafka refuses times far ahead; CloudWatch Logs takes what is two hours ahead.
    timestamp: Math.min(entry.timestamp, now),
  };
}
