import { stat } from 'node:fs/promises';
import { zipNames, zipOf } from '../harness/lambda/deployed-function.ts';
import type { Row } from './table.ts';

const MAX_BYTES = 115_000;

/** How large each function is. */
export async function* zipSizes(): AsyncGenerator<Row> {
  for (const name of zipNames) {
    const { size } = await stat(zipOf(name));
    yield { what: `zip of ${name}`, gateway: `${(size / 1000).toFixed(1)} kB`, target: { limit: '≤ 115 kB', met: size <= MAX_BYTES } };
  }
}
