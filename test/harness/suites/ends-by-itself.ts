// For `node --import`: if the tests of a file have ended but its process has not, it reports what keeps the process alive, and fails.
// Otherwise the process would silently block the whole run.

/** Longer than any file takes to stop what it has started. */
const PATIENCE_MS = 90_000;

// Processes that a test forks load this file as well, but are not tests.
if (process.argv[1]?.endsWith('.test.ts')) {
  const { after } = await import('node:test');
  after(() => {
    const giveUp = () => {
      console.error(`${process.argv[1]} has ended, and its process has not: ${process.getActiveResourcesInfo().join(', ')} are left`);
      process.exit(1);
    };
    setTimeout(giveUp, PATIENCE_MS).unref();
  });
}
