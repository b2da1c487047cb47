import type { TestEvent } from 'node:test/reporters';

/** How many tests of a suite ended how; cancelled ones have failed. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** A reporter of Node's test runner: the {@link Counts} of the whole run as JSON, once it has ended. */
export default async function* countReporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of source) {
    if (event.type !== 'test:summary' || event.data.file !== undefined) continue;
    const { tests, passed, skipped, todo } = event.data.counts;
    yield JSON.stringify({ passed, failed: tests - passed - skipped - todo, skipped } satisfies Counts);
  }
}
