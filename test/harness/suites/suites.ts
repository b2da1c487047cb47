import { matchesGlob } from 'node:path';

/** What a suite needs before its tests start: a Kafka, a schema registry, the functions' zips. */
export type Need = 'kafka' | 'registry' | 'zips';

/** Tests that run together. */
export interface Suite {
  name: string;
  /** Patterns of its files, from the repository's root. */
  files: readonly string[];
  needs: readonly Need[];
  /** For `node --test`. */
  flags: readonly string[];
  /** The suite beside which it runs, if both are selected: for suites that mostly wait, or compute in only one process. */
  beside?: string;
  /** Whether all output of its processes is searched for credentials and contents of records. */
  scanned: boolean;
}

/** kafkajs computes a negative timeout, which is harmless. */
const QUIET = '--disable-warning=TimeoutNegativeWarning';
const TIMEOUT = '--test-timeout=180000';

/** Every suite, in the order of `npm test`. */
export const suites: readonly Suite[] = [
  { name: 'unit', files: ['test/unit/**/*.test.ts'], needs: [], flags: ['--test-concurrency=2'], scanned: false },
  {
    name: 'integration',
    files: ['test/integration/**/*.test.ts', 'test/fuzz/*.test.ts'],
    needs: ['kafka'],
    flags: [QUIET, TIMEOUT, '--test-concurrency=2'],
    scanned: true,
  },
  {
    name: 'registry',
    files: ['test/registry/*.test.ts'],
    needs: ['kafka', 'registry'],
    flags: [QUIET, TIMEOUT, '--test-concurrency=1'],
    scanned: false,
  },
  // In one process, beside another suite.
  {
    name: 'clients',
    files: ['test/clients/*.test.ts'],
    needs: ['kafka'],
    flags: [QUIET, '--test-isolation=none'],
    beside: 'registry',
    scanned: false,
  },
  // A generator of test cases from the API's description.
  { name: 'description', files: ['test/description/*.test.ts'], needs: ['kafka', 'registry'], flags: [QUIET], scanned: false },
  { name: 'packaged', files: ['test/packaged/*.test.ts'], needs: ['kafka', 'zips'], flags: ['--test-concurrency=2'], scanned: false },
  { name: 'deployed', files: ['test/deployed/*.test.ts'], needs: ['kafka'], flags: ['--test-concurrency=1'], scanned: false },
  // A broker of each version, one after the other.
  {
    name: 'kafka-versions',
    files: ['test/kafka-versions/*.test.ts'],
    needs: [],
    flags: [QUIET, TIMEOUT, '--test-concurrency=1'],
    beside: 'deployed',
    scanned: false,
  },
  // It starts its own cluster, and packages the functions if they have changed.
  {
    name: 'faults-short',
    files: ['test/faults/*.test.ts'],
    needs: [],
    flags: [QUIET, '--test-concurrency=2'],
    beside: 'deployed',
    scanned: false,
  },
];

/**
 * @param file path from the repository's root
 * @returns the suites that contain it: one, unless something is wrong
 */
export const suitesOf = (file: string): Suite[] => suites.filter(({ files }) => files.some((pattern) => matchesGlob(file, pattern)));

/**
 * The command that runs a suite, with everything started for it except the zips.
 *
 * @param flags additional flags for `node --test`
 * @param files to run instead of the whole suite
 */
export function commandOf(
  { needs, scanned, flags, files }: Suite,
  more: { flags?: readonly string[]; files?: readonly string[] } = {},
): string[] {
  const script = (path: string) => [process.execPath, `test/harness/${path}`, '--'];
  return [
    ...(needs.includes('kafka') ? script('kafka/with-kafka.ts') : []),
    ...(needs.includes('registry') ? script('schema-registry/with-registry.ts') : []),
    ...(scanned ? script('leaks/scan.ts') : []),
    process.execPath,
    ...(scanned ? ['--import', './test/harness/leaks/output.ts'] : []),
    '--import',
    './test/harness/suites/ends-by-itself.ts',
    '--test',
    ...flags,
    ...(more.flags ?? []),
    ...(more.files ?? files),
  ];
}
