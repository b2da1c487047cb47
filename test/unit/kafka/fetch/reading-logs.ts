import type { TestContext } from 'node:test';
import type { PageOptions } from '../../../../lib/kafka/fetch/page.ts';
import { type ReadPage, readPartitions } from '../../../../lib/kafka/fetch/read-partitions.ts';
import type { ReadPosition } from '../../../../lib/kafka/fetch/reading.ts';
import { allVisible } from '../../../../lib/kafka/fetch/visible-records.ts';
import type { StoredRecord } from '../../../../lib/kafka/record.ts';
import type { FakeLogs } from '../../../harness/fake-broker/fake-logs.ts';
import { timePasses } from '../../../harness/virtual-time.ts';

export const textOf = ({ value }: StoredRecord) => value?.bytes.toString('latin1', value.start, value.end);
export const at = (partition: number, offset = 0, until = Number.POSITIVE_INFINITY): ReadPosition => ({
  topic: 'orders',
  partition,
  offset,
  until,
});
export const valuesOf = ({ readings }: ReadPage) => readings.map(({ records }) => records.map(textOf));

export async function read(
  t: TestContext,
  kafka: FakeLogs,
  positions: ReadPosition[],
  options: Partial<PageOptions> = {},
): Promise<ReadPage> {
  await timePasses(t, kafka.cluster.refresh([...kafka.leaders.keys()]));
  const all = { isolation: 'read_committed', maxBytes: 1_000_000, maxRecords: 1000, waitMs: 0, keep: null, visible: allVisible } as const;
  return timePasses(t, readPartitions(kafka.cluster, positions, { ...all, deadline: Date.now() + 20_000, ...options }));
}
