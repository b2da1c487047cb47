import { jsonMembers } from '../json/json-members.ts';
import { type Header, type NewRecord, whole } from '../kafka/record.ts';
import { kafkaLoggerEntry } from './kafka-logger-entry.ts';
import type { LogBatch, LogEntry } from './log-event.ts';
import { filled, type Template, textOf } from './log-template.ts';

/** How log entries become records. */
export interface LogForm {
  /** The part of the entry that becomes the key, as in a {@link Template}; null for no key. */
  readonly key: string | null;
  /** What becomes the value: the unchanged entry, the fields of kafka-logger, or a template. */
  readonly value: 'entry' | 'kafka-logger' | Template;
}

/**
 * Makes a record of a log entry. Its header `log-event-id` is the same each time that the entry is sent, and identifies duplicates.
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
    // Kafka refuses timestamps far in the future; CloudWatch Logs accepts up to two hours.
    timestamp: Math.min(entry.timestamp, now),
  };
}
