import { type NewRecord, type StoredRecord, whole } from '../../../lib/kafka/record.ts';
import { kafkaUnreachable } from '../../../lib/messages/kafka.ts';
import type { Place } from '../../../lib/push/attempt/webhook-id.ts';
import type { LogPage, LogPlace, LogPosition, RecordLog, SourceName } from '../../../lib/push/delivery/record-log.ts';

const TOPIC = 'orders';

/** Replaces Kafka, with one topic, a retry topic and a dead letter topic. A new one over the same data is another process. */
export class MemoryLog implements RecordLog {
  readonly records: StoredRecord[] = [];
  readonly retried: StoredRecord[] = [];
  readonly dead: NewRecord[] = [];
  /** How many requests have written to the dead letter topic. */
  burials = 0;
  committed = new Map<string, number>();
  /** The errors of the next calls, by name. */
  failures: Partial<Record<'append' | 'deadLetter', Error>> = {};
  retryPosition = 0;
  /** Single records cannot be read. */
  hasNoLeader = false;
  /** The most bytes of a value that the retry topic accepts. */
  largest = Number.POSITIVE_INFINITY;
  topicId = '1';

  add(key: string | null, value: string, timestamp = 1_800_000_000_000): void {
    this.records.push({
      offset: this.records.length,
      timestamp,
      key: key === null ? null : whole(Buffer.from(key)),
      value: whole(Buffer.from(value)),
      headers: null,
    });
  }

  /** As if the topic had been deleted and recreated. */
  makeAnew(): void {
    this.records.length = 0;
    this.committed.clear();
    this.topicId += "'";
  }

  get position(): number {
    return this.committed.get('main') ?? 0;
  }

  async positions(source: SourceName): Promise<LogPosition[]> {
    return [
      { topic: TOPIC, topicId: this.topicId, partition: 0, offset: this.committed.get(source) ?? 0, until: Number.POSITIVE_INFINITY },
    ];
  }

  async read([{ offset }]: readonly LogPosition[], room: { records: number }): Promise<LogPage> {
    const records = this.records.slice(offset, offset + room.records);
    return { readings: [{ topic: TOPIC, partition: 0, offset: offset + records.length, records }], gaps: [], unreadable: null };
  }

  async commit(source: SourceName, [{ offset }]: readonly LogPlace[], retry: number | null): Promise<void> {
    this.committed.set(source, offset);
    if (retry !== null) this.retryPosition = retry;
  }

  async retries() {
    return { records: this.retried.slice(this.retryPosition), next: this.retried.length };
  }

  async append(records: readonly NewRecord[]): Promise<(number | 'too-large' | null)[]> {
    this.#fail('append');
    return records.map((record) => {
      const { value } = record;
      if (value !== null && value.end - value.start > this.largest) return 'too-large';
      return this.retried.push({ ...record, offset: this.retried.length }) - 1;
    });
  }

  async recordAt({ offset }: Place): Promise<StoredRecord | null> {
    if (this.hasNoLeader) throw kafkaUnreachable();
    return this.records[offset] ?? null;
  }

  async deadLetters(_topic: string, records: readonly NewRecord[]): Promise<null[]> {
    this.#fail('deadLetter');
    this.burials++;
    this.dead.push(...records);
    return records.map(() => null);
  }

  #fail(name: 'append' | 'deadLetter'): void {
    const failure = this.failures[name];
    delete this.failures[name];
    if (failure !== undefined) throw failure;
  }
}
