import type { GatewayError } from '../../errors.ts';
import type { NewRecord, StoredRecord } from '../../kafka/record.ts';
import type { Place } from '../attempt/webhook-id.ts';

/** A place in a topic and the topic's id: a topic that is deleted and recreated under its name gets another id. */
export interface LogPlace extends Place {
  /** Empty where it is unknown. */
  readonly topicId: string;
}

/** Where to read on in a partition, and the offset to stop before (infinite: the end of the log). */
export interface LogPosition extends LogPlace {
  readonly until: number;
}

/** Records of a partition, and the offset to continue at, past records that were filtered out. */
export interface LogReading extends Place {
  readonly records: readonly StoredRecord[];
}

/** A page of records, and the offsets that expired before they were read. */
export interface LogPage {
  readonly readings: readonly LogReading[];
  readonly gaps: readonly object[];
  /** The partition whose next batch cannot be read, and why; null when all were readable. */
  readonly unreadable: { readonly topic: string; readonly partition: number; readonly why: string } | null;
}

/** What is read: the subscription's topics, or a replay of a part of them. */
export type SourceName = 'main' | 'replay';

/** The retry topic of a subscription. */
export interface RetryLog {
  /** All records from the committed position on, and the next offset. */
  retries(): Promise<{ readonly records: readonly StoredRecord[]; readonly next: number }>;
  /** Writes with acks=all. Returns the offset of each record, `too-large` for one that the topic refuses, null for one not acknowledged. */
  append(records: readonly NewRecord[]): Promise<(number | 'too-large' | null)[]>;
  /** The record at a place of any topic; null where it is gone. */
  recordAt(place: Place): Promise<StoredRecord | null>;
}

/** What deliveries need from Kafka. All methods throw GatewayError. */
export interface RecordLog extends RetryLog {
  /** The subscription's current partitions, each with the position to continue at. */
  positions(source: SourceName): Promise<LogPosition[]>;
  /** Reads the records that the subscription wants, without waiting for new ones. */
  read(positions: readonly LogPosition[], room: { readonly records: number; readonly bytes: number }): Promise<LogPage>;
  /**
   * Commits in the group of a source; for `main`, the retry topic's position as well. Sends nothing after the lease ends (`heldUntil`, Unix
   * milliseconds), however long this process was frozen: another process may have committed by then.
   */
  commit(source: SourceName, positions: readonly LogPlace[], retry: number | null, heldUntil: number): Promise<void>;
  /** Writes to the dead letter topic with acks=all. Returns the error of each record, null for one that was written. */
  deadLetters(topic: string, records: readonly NewRecord[]): Promise<(GatewayError | null)[]>;
}
