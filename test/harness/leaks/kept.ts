import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where scan.ts wants to have what processes of the suite write, and what must not be in there; nowhere without it. */
const directory = process.env.TEST_OUTPUT_DIRECTORY;

/** Keeps a text that this process, or one that it has started, has written. */
export function keepOutput(text: string): void {
  if (directory !== undefined) appendFileSync(join(directory, `${process.pid}.output`), text);
}

/** Keeps texts that must be in nothing that is written. */
export function keepSecret(texts: readonly string[]): void {
  if (directory === undefined || texts.length === 0) return;
  appendFileSync(join(directory, `${process.pid}.secrets`), texts.map((text) => `${JSON.stringify(text)}\n`).join(''));
}
