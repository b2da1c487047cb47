import type { NewRecord, StoredRecord } from '../kafka/record.ts';
import type { Place } from './webhook-id.ts';

/** A place in a topic, and which topic of that name it is: one that is deleted and made anew has another id. */
export interface LogPlace extends Place {
  /** Empty where it is not known. */
  readonly topicId: string;
}

/** Where to read on in a partition, and before what to stop (infinite: at the end of the log). */
export interface LogPosition extends LogPlace {
  readonly until: number;
}

/** Records of a partition, and where to read on behind them, past what was left out. */
export interface LogReading extends Place {
  readonly records: readonly StoredRecord[];
}

/** A page of records, and offsets that are gone, as they had expired before they were read. */
export interface LogPage {
  readonly readings: readonly LogReading[];
  readonly gaps: readonly object[];
  /** The partition whose next batch cannot be read, and why; null when all could be. */
  readonly unreadable: { readonly topic: string; readonly partition: number; readonly why: string } | null;
}

/** What is read: the subscription's topics, or a part of them once more. */
export type SourceName = 'main' | 'replay';

/** The retry topic of a subscription. */
export interface RetryLog {
  /** All from the position on, and the offset behind it. */
  retries(): Promise<{ readonly records: readonly StoredRecord[]; readonly next: number }>;
  /** Writes with acks=all; gives the offset of each, null for one that was not acknowledged, or that the topic takes none as large. */
  append(records: readonly NewRecord[]): Promise<(number | 'too-large' | null)[]>;
  /** The record that still stands at a place of any topic; null where it is gone. */
  recordAt(place: Place): Promise<StoredRecord | null>;
}

/** What a delivery asks of Kafka. All of it throws GatewayError. */
export interface RecordLog extends RetryLog {
  /** The subscription's partitions as they are now, each where it is to go on. */
  positions(source: SourceName): Promise<LogPosition[]>;
  /** What there is, without waiting, of the records that the subscription wants. */
  read(positions: readonly LogPosition[], room: { readonly records: number; readonly bytes: number }): Promise<LogPage>;
  /** Commits in the group of a source; with the position of the retry topic in that of `main`. */
  commit(source: SourceName, positions: readonly LogPlace[], retry: number | null): Promise<void>;
  /** Writes to the dead letter topic with acks=all. */
  deadLetter(topic: string, record: NewRecord): Promise<void>;
}
