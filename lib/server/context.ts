import type { GatewayContext } from '../http/middleware.ts';

const REQUEST_MS = 29_000;

/** The context that Lambda would pass to a function. @param process null for anything but an HTTP request */
export function requestContext(awsRequestId: string, process: GatewayContext['process'] | null): GatewayContext {
  const endsAt = Date.now() + REQUEST_MS;
  const unused = () => undefined;
  return {
    awsRequestId,
    callbackWaitsForEmptyEventLoop: false,
    functionName: 'gateway',
    functionVersion: '',
    invokedFunctionArn: '',
    memoryLimitInMB: '',
    logGroupName: '',
    logStreamName: '',
    getRemainingTimeInMillis: () => Math.max(0, endsAt - Date.now()),
    done: unused,
    fail: unused,
    succeed: unused,
    ...(process && { process }),
  };
}
