import type { StoredRecord } from '../../kafka/record.ts';
import type { HeldRecord } from '../../kafka/share-groups/acquired-records.ts';
import type { HeldRun } from '../../kafka/share-groups/received.ts';
import { joinRanges, type Receipt, type ReceiptScope, type ReceiptSession, receiptSealer } from '../../queues/receipt.ts';

/** Returns, for each record, its deliveries so far, and the receipt that settles it alone. */
export function deliveries(runs: readonly HeldRun[], scope: ReceiptScope) {
  const held = new Map<StoredRecord, { seal: ReturnType<typeof receiptSealer>; record: HeldRecord }>();
  for (const run of runs) {
    const seal = receiptSealer(receiptOf([{ ...run, records: run.records.slice(0, 1) }], false), scope);
    for (const record of run.records) held.set(record, { seal, record });
  }
  return (shown: StoredRecord) => {
    const found = held.get(shown);
    if (found === undefined) throw new TypeError('A record is shown that was not received');
    const { seal, record } = found;
    return { deliveries: record.deliveries, receipt: seal(record) };
  };
}

function receiptOf(runs: readonly HeldRun[], isAll: boolean): Receipt {
  const sessions = [...Map.groupBy(runs, ({ session }) => session)].map(
    ([{ broker, epoch }, held]): ReceiptSession => ({
      ...{ broker, epoch },
      ranges: joinRanges(
        held.flatMap(({ topic, topicId, partition, records }) =>
          records.map(({ first, last, deliveries: count }) => ({ topic, topicId, partition, first, last, deliveries: count })),
        ),
      ),
    }),
  );
  const until = Math.floor(Math.min(...runs.map(({ session }) => session.until)));
  return { member: runs[0].session.member, isAll, until, sessions };
}

/** The receipt that settles all of them at once; null when there are none. */
export const receiptOfAll = (runs: readonly HeldRun[]): Receipt | null => (runs.length === 0 ? null : receiptOf(runs, true));
