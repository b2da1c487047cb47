// For `node --import`: a file whose tests are through, but whose process does not end, says what keeps it, and fails. Else it would keep
// the whole run, and say nothing.

/** Longer than any file takes to stop what it has started. */
const PATIENCE_MS = 90_000;

// Processes that a test forks have this file as well, and are no tests.
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
