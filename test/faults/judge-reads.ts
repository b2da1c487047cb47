import { counted } from './judge-writes.ts';
import type { Observations } from './load.ts';
import type { Fetched, Listed, Reading } from './read-records.ts';
import type { Write } from './write-records.ts';
import type { WrittenLog } from './written-log.ts';

/** What the answers to readers were worth, once all that was written has been read back. */
export interface ReadFindings {
  fetches: number;
  lists: number;
  /** What was wrong with each wrong answer. */
  wrong: string[];
  /** Requests that failed and may be tried again, by their status. */
  failures: Map<string, number>;
  longestMs: number;
}

export function judgeReads({ writes, fetches, lists }: Observations, log: WrittenLog): ReadFindings {
  const readings: Reading[] = [...fetches, ...lists];
  const failed = readings.filter(({ status }) => status !== 200);
  return {
    fetches: fetches.length,
    lists: lists.length,
    wrong: [...failed.flatMap(refusals), ...fetches.flatMap((fetched) => wrongPage(fetched, log)), ...wrongBounds(lists, writes, log)],
    failures: counted(failed.map(({ status }) => String(status))),
    longestMs: Math.max(0, ...readings.map(({ ms }) => ms)),
  };
}

/** All that is asked for exists, so that an answer may be late, but never a refusal. */
function refusals({ status, retryAfter }: Reading): string[] {
  const retriable = (status === 503 || status === 504) && retryAfter !== undefined;
  return retriable ? [] : [`status ${status} with Retry-After ${retryAfter}`];
}

/** Every record of these topics is a record of the load, so a page is a stretch of the log without a gap. */
function wrongPage({ status, partition, from, records, nextOffset, highWatermark }: Fetched, log: WrittenLog): string[] {
  if (status !== 200) return [];
  const page = `page of partition ${partition} from ${from}`;
  const wrong = records.flatMap((record, i) => {
    const where = `${page}, record ${i}: ${record.partition}@${record.offset} ${record.value}`;
    if (record.partition !== partition || record.offset !== from + i) return [`${where} is out of place`];
    const id = log.idAt(partition, record.offset);
    return record.value === id ? [] : [`${where} is ${id} in the log`];
  });
  if (nextOffset !== from + records.length) wrong.push(`${page}: goes on at ${nextOffset} after ${records.length} records`);
  if (highWatermark > log.endOf(partition)) wrong.push(`${page}: high watermark ${highWatermark} of ${log.endOf(partition)}`);
  return wrong;
}

/** The end of a log is behind all that was acknowledged before it was asked for, and never goes back. */
function wrongBounds(lists: Listed[], writes: Write[], log: WrittenLog): string[] {
  const ends = new Map<number, number>();
  const acknowledged = [...writes].sort((a, b) => a.answeredAt - b.answeredAt);
  let taken = 0;
  return lists.flatMap(({ askedAt, bounds }) => {
    for (; taken < acknowledged.length && acknowledged[taken].answeredAt < askedAt; taken++) {
      for (const answer of acknowledged[taken].answers) {
        if ('offset' in answer) ends.set(answer.partition, Math.max(ends.get(answer.partition) ?? 0, answer.offset + 1));
      }
    }
    return bounds.flatMap(({ partition, beginning_offset: beginning, end_offset: end }) => {
      const least = ends.get(partition) ?? 0;
      ends.set(partition, Math.max(least, end));
      const right = beginning === 0 && end >= least && end <= log.endOf(partition);
      return right ? [] : [`bounds of partition ${partition}: ${beginning} to ${end}, known were 0 to ${least} of ${log.endOf(partition)}`];
    });
  });
}
