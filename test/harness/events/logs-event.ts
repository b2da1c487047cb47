import { gzipSync } from 'node:zlib';

/** An entry of a log group, for {@link logsEvent}. */
export interface Entry {
  id: string;
  timestamp: number;
  message: string;
}

/** The event of a CloudWatch Logs subscription. */
export const logsEvent = (entries: readonly Entry[], { group = '/aws/http-api/gateway', type = 'DATA_MESSAGE' } = {}) => ({
  awslogs: {
    data: gzipSync(
      JSON.stringify({
        ...{ messageType: type, owner: '123456789012', logGroup: group, logStream: 'stream', subscriptionFilters: ['filter'] },
        logEvents: entries,
      }),
    ).toString('base64'),
  },
});

/** The same event from a queue, the destination of failed invocations. */
export const queuedEvent = (requestPayload: object) => ({
  Records: [{ messageId: '1', eventSource: 'aws:sqs', body: JSON.stringify({ version: '1.0', requestContext: {}, requestPayload }) }],
});
