import type { GatewayRequest } from '../http/request.ts';
import type { OutgoingRecord } from '../kafka/produce/assignment.ts';
import type { ProducedRecord } from '../kafka/produce/produce-records.ts';
import { forbidden, mayOn } from './grants.ts';

/**
 * Writes those of a request's records whose topics the caller may produce to. The others have their own errors among the results.
 *
 * @throws {GatewayError} Forbidden when there are none
 */
export async function produceGranted(
  request: GatewayRequest,
  records: readonly OutgoingRecord[],
  produce: (records: readonly OutgoingRecord[]) => Promise<ProducedRecord[]>,
): Promise<ProducedRecord[]> {
  const mayProduce = mayOn(request, 'topics');
  const topics = new Set(records.map(({ topic }) => topic));
  const granted = new Set([...topics].filter((topic) => mayProduce('produce', topic)));
  if (granted.size === topics.size) return produce(records);
  if (granted.size === 0) throw forbidden('produce', records[0].topic);
  const results = (await produce(records.filter(({ topic }) => granted.has(topic)))).values();
  return records.map(
    ({ topic }) => (granted.has(topic) && results.next().value) || { error: forbidden('produce', topic), maybeWritten: false },
  );
}
