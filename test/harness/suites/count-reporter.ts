import { relative } from 'node:path';
import type { TestEvent } from 'node:test/reporters';

/** The results of a suite's tests; cancelled ones count as failed. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  /** The failed tests: file, from the repository's root, and name. */
  failures: string[];
}

/** A reporter for Node's test runner: the {@link Counts} of the whole run as JSON, at its end. */
export default async function* countReporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const failures: string[] = [];
  for await (const event of source) {
    if (event.type === 'test:fail' && !failedWithin(event.data.details.error)) failures.push(nameOf(event.data));
    if (event.type !== 'test:summary' || event.data.file !== undefined) continue;
    const { tests, passed, skipped, todo } = event.data.counts;
    yield JSON.stringify({ passed, failed: tests - passed - skipped - todo, skipped, failures } satisfies Counts);
  }
}

/** Whether a suite failed because of a test in it, which has its own event. */
const failedWithin = (error: Error): boolean => 'failureType' in error && error.failureType === 'subtestsFailed';

const nameOf = ({ file, name }: { file?: string; name: string }): string =>
  file === undefined ? name : `${relative(process.cwd(), file)}: ${name}`;
