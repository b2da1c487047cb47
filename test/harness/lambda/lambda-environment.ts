import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface EnvironmentOptions {
  functionName: string;
  /** Such as `functions/produce.handler`. */
  handler: string;
  /** Folder of the unpacked zip. */
  taskRoot: string;
  /** Megabytes. */
  memory: number;
  /** `host:port` of the Runtime API. */
  runtimeApi: string;
}

/** The variables that Lambda sets for a `nodejs24.x` function, and none of this process: tests must not depend on others. */
export function lambdaEnvironment({ functionName, handler, taskRoot, memory, runtimeApi }: EnvironmentOptions): Record<string, string> {
  return {
    _HANDLER: handler,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_DEFAULT_REGION: 'eu-central-1',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memory),
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: '2026/01/01/[$LATEST]00000000000000000000000000000000',
    AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1: 'true',
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    AWS_REGION: 'eu-central-1',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_SESSION_TOKEN: 'test',
    LAMBDA_TASK_ROOT: taskRoot,
    LANG: 'en_US.UTF-8',
    PATH: '/usr/local/bin:/usr/bin:/bin',
    TMPDIR: tmpdir(),
    TZ: ':UTC',
  };
}

/** A module that is loaded into the function's process first, so that a test can look or reach inside. */
export type Instrument = 'clock' | 'modules';

/** Lambda's flags for Node; the heap gets its share of the function's memory. */
export function lambdaFlags(memory: number, instruments: Instrument[]): string[] {
  return [
    '--no-experimental-require-module',
    '--no-experimental-detect-module',
    '--expose-gc',
    `--max-semi-space-size=${Math.floor((memory * 5) / 100)}`,
    `--max-old-space-size=${Math.floor((memory * 90) / 100)}`,
    ...['rapid-client', ...instruments].flatMap((name) => ['--require', join(import.meta.dirname, `${name}.cjs`)]),
  ];
}
