import type { OutgoingRecord } from '../kafka/produce/assignment.ts';
import type { ProducedRecord } from '../kafka/produce/produce-records.ts';
import { forbidden, isUnrestricted, mayOn } from './grants.ts';
import type { Subject } from './subject.ts';

/**
 * The records whose topics the caller may produce to.
 *
 * @throws {GatewayError} Forbidden when there are none
 */
export function grantedRecords(subject: Subject, records: readonly OutgoingRecord[]): readonly OutgoingRecord[] {
  if (records.length === 0 || isUnrestricted(subject)) return records;
  const mayProduce = mayOn(subject, 'topics');
  const topics = new Set(records.map(({ topic }) => topic));
  const granted = new Set([...topics].filter((topic) => mayProduce('produce', topic)));
  if (granted.size === topics.size) return records;
  if (granted.size === 0) throw forbidden('produce', records[0].topic);
  return records.filter(({ topic }) => granted.has(topic));
}

/** Writes the records whose topics are permitted. The results have an error in the place of each other record. */
export async function writePermitted(
  records: readonly OutgoingRecord[],
  refusalOf: (topic: string) => ProducedRecord | null,
  write: (records: readonly OutgoingRecord[]) => Promise<ProducedRecord[]>,
): Promise<ProducedRecord[]> {
  const refusals = new Map([...new Set(records.map(({ topic }) => topic))].map((topic) => [topic, refusalOf(topic)]));
  const permitted = records.filter(({ topic }) => !refusals.get(topic));
  if (permitted.length === records.length) return write(records);
  const results = permitted.length === 0 ? [] : await write(permitted);
  const left = results.values();
  return records.flatMap(({ topic }) => refusals.get(topic) ?? left.next().value ?? []);
}
