import type { TestEvent } from 'node:test/reporters';
import type { Coverage } from './coverage-floor.ts';

/** A reporter for Node's test runner: the {@link Coverage} of the whole run as JSON. */
export default async function* coverageReporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of source) {
    if (event.type !== 'test:coverage') continue;
    const { coveredLinePercent, coveredBranchPercent, coveredFunctionPercent } = event.data.summary.totals;
    const coverage: Coverage = { lines: coveredLinePercent, branches: coveredBranchPercent, functions: coveredFunctionPercent };
    yield JSON.stringify(coverage);
  }
}
