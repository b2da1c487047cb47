import type { Answer, Failure, Write } from './write-records.ts';
import type { Place, WrittenLog } from './written-log.ts';

/** What the answers to writers were worth, once all that was written has been read back. Records are named by their ids. */
export interface WriteFindings {
  requests: number;
  /** Acknowledged, and not in the log. */
  lost: string[];
  /** In the log more than once, acknowledged or not. */
  twice: string[];
  /** Behind a record of the same process and partition that was sent later. */
  disordered: string[];
  /** Acknowledged with an offset at which another record is, or none. */
  misplaced: string[];
  /** Failed with an answer that did not allow for the record to have been written, and in the log all the same. */
  deniedButWritten: string[];
  /** Requests with a record that was not acknowledged, by status, error code and message. */
  failures: Map<string, number>;
  /** Failed with an error that is none of those that invite to try again. */
  hopeless: string[];
  /** Of all requests but the first of each process, which is no stall of the fault. */
  longestMs: number;
}

/** Error codes of a Kafka that is unavailable, and of one that is silent. */
const RETRIABLE = [50003, 50401];

/** What a failure says when the fate of the records is not known. */
const PERHAPS = /may have been written/;

export function judgeWrites(writes: Write[], log: WrittenLog): WriteFindings {
  const answers = writes.flatMap((write) => write.answers);
  const acknowledged = answers.filter((answer) => 'offset' in answer);
  const denied = answers.filter((answer) => isFailure(answer) && !PERHAPS.test(answer.failure));
  const failed = writes.filter((write) => write.answers.some(isFailure));
  const ids = (some: Answer[]) => some.map(({ id }) => id);
  return {
    requests: writes.length,
    lost: ids(acknowledged.filter(({ id }) => !log.places.has(id))),
    twice: [...log.places].filter(([, places]) => places.length > 1).map(([id]) => id),
    disordered: disordered(log.places),
    misplaced: ids(acknowledged.filter(({ id, partition, offset }) => log.idAt(partition, offset) !== id)),
    deniedButWritten: ids(denied.filter(({ id }) => log.places.has(id))),
    failures: counted(failed.map(describe)),
    hopeless: ids(answers.filter((answer) => isFailure(answer) && !RETRIABLE.includes(answer.code))),
    longestMs: Math.max(0, ...writes.filter(({ cold }) => !cold).map(({ ms }) => ms)),
  };
}

const isFailure = (answer: Answer): answer is Answer & Failure => 'failure' in answer;

function describe({ status, answers }: Write): string {
  const failures = answers.filter(isFailure);
  return `${status} ${[...new Set(failures.map(({ code, failure }) => `${code} ${failure}`))].join(' / ')} (${failures.length} of ${answers.length} records)`;
}

/** Each process sends one request after the other, and the records of one in the order of their numbers. */
function disordered(places: Map<string, Place[]>): string[] {
  const last = new Map<string, number>();
  const inLogOrder = [...places]
    .map(([id, [{ partition, offset }]]) => ({ id, partition, offset }))
    .sort((a, b) => a.partition - b.partition || a.offset - b.offset);
  return inLogOrder
    .filter(({ id, partition }) => {
      const [worker, request, record] = id.split('-').map(Number);
      const lane = `${worker} ${partition}`;
      const number = request * 1000 + record;
      const before = last.get(lane) ?? -1;
      last.set(lane, Math.max(before, number));
      return number < before;
    })
    .map(({ id }) => id);
}

export function counted(texts: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
