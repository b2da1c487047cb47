import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** The directory in which scan.ts expects the output of the suite's processes, and the secrets; unset without it. */
const directory = process.env.TEST_OUTPUT_DIRECTORY;

/** Keeps text that this process, or one that it has started, has written. */
export function keepOutput(text: string): void {
  if (directory !== undefined) appendFileSync(join(directory, `${process.pid}.output`), text);
}

/** Keeps texts that must not appear in any output. */
export function keepSecret(texts: readonly string[]): void {
  if (directory === undefined || texts.length === 0) return;
  appendFileSync(join(directory, `${process.pid}.secrets`), texts.map((text) => `${JSON.stringify(text)}\n`).join(''));
}
