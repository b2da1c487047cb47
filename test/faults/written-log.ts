import { readWithJava } from '../harness/kafka/java-clients.ts';

/** A record's place. */
export interface Place {
  partition: number;
  offset: number;
}

/** All that a topic holds. */
export interface WrittenLog {
  /** Where each record is, by its id; more than one place when it was written more than once. */
  places: Map<string, Place[]>;
  /** The id of the record at a place; undefined where there is none. */
  idAt(partition: number, offset: number): string | undefined;
  /** The offset after a partition's last record. */
  endOf(partition: number): number;
}

/** Reads a topic from beginning to end with Java's client. */
export async function readBack(topic: string, bootstrapServers: string): Promise<WrittenLog> {
  const records = await readWithJava(topic, { bootstrapServers });
  return toLog(records.map(({ partition, offset, value }) => ({ partition, offset, id: String(value) })));
}

/** A log of these records; those of a partition by ascending offset. */
export function toLog(records: (Place & { id: string })[]): WrittenLog {
  const places = new Map<string, Place[]>();
  const partitions = new Map<number, Map<number, string>>();
  const ends = new Map<number, number>();
  for (const { partition, offset, id } of records) {
    places.set(id, [...(places.get(id) ?? []), { partition, offset }]);
    const log = partitions.get(partition) ?? new Map<number, string>();
    partitions.set(partition, log.set(offset, id));
    ends.set(partition, offset + 1);
  }
  return {
    places,
    idAt: (partition, offset) => partitions.get(partition)?.get(offset),
    endOf: (partition) => ends.get(partition) ?? 0,
  };
}
