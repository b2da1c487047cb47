import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Context } from 'aws-lambda';
import { output } from '../../../lib/telemetry/output.ts';
import { keepOutput } from '../leaks/kept.ts';

/** Parts of an event that tests set; the rest is as API Gateway sends it. */
interface EventParts {
  query?: string;
  headers?: Record<string, unknown>;
  body?: string;
  isBase64Encoded?: boolean;
  stage?: string;
  requestId?: string;
  authorizer?: unknown;
  /** When API Gateway received it, in Unix milliseconds. */
  timeEpoch?: number;
}

/** An event of an HTTP API, payload format 2.0. */
export const httpEvent = (method: string, path: string, parts: EventParts = {}) => ({
  version: '2.0',
  routeKey: '$default',
  rawPath: path,
  rawQueryString: parts.query ?? '',
  headers: parts.headers ?? { host: 'gateway.example', 'user-agent': 'test' },
  requestContext: {
    requestId: parts.requestId ?? 'JKJaXmPLvHcESHA=',
    stage: parts.stage ?? '$default',
    http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
    authorizer: parts.authorizer,
    timeEpoch: parts.timeEpoch,
  },
  body: parts.body,
  isBase64Encoded: parts.isBase64Encoded ?? false,
});

/** A Lambda context with this much time left. */
export const lambdaContext = (remainingMs = 29_000): Context => ({
  awsRequestId: '6bc28136-xmpl-4365-b021-0ce6b2e64ab0',
  callbackWaitsForEmptyEventLoop: true,
  functionName: 'test',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:test',
  logGroupName: '/aws/lambda/test',
  logStreamName: 'test',
  memoryLimitInMB: '256',
  getRemainingTimeInMillis: () => remainingMs,
  done: () => assert.fail('done'),
  fail: () => assert.fail('fail'),
  succeed: () => assert.fail('succeed'),
});

/** Collects the parsed log lines until the test ends. */
export function captureLog(t: TestContext): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  t.mock.method(output, 'write', (line: string) => {
    keepOutput(line);
    assert.equal(line.indexOf('\n'), line.length - 1, 'one line an event');
    lines.push(JSON.parse(line));
  });
  return lines;
}
