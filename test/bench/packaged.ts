import { packageFunctions } from '../harness/lambda/package-functions.ts';
import { coldStart } from './cold-start.ts';
import { firstRecord } from './first-record.ts';
import { memory } from './memory.ts';
import type { Row } from './table.ts';
import { warmInvocations } from './warm-invocations.ts';
import { zipSizes } from './zip-sizes.ts';

/** The zips that are deployed, under Lambda's own runtime client. */
export async function* packaged(): AsyncGenerator<Row> {
  await packageFunctions();
  yield* zipSizes();
  yield* coldStart();
  yield* firstRecord();
  yield* warmInvocations();
  yield* memory();
}
