/** Parts of an event that tests set; the rest is as API Gateway sends it. */
interface SocketParts {
  authorizer?: object;
  userArn?: string;
  connectionId?: string;
}

const context = (eventType: string, routeKey: string, { authorizer, userArn, connectionId = 'JPu9ydwJoAMCJFg=' }: SocketParts) => ({
  routeKey,
  eventType,
  extendedRequestId: 'JPvBwH1SoAMFYdw=',
  requestTime: '01/Jan/2026:12:00:00 +0000',
  messageDirection: 'IN',
  stage: 'pubsub',
  connectedAt: 1767268800000,
  requestTimeEpoch: 1767268800000,
  identity: { sourceIp: '192.0.2.1', ...(userArn !== undefined && { userArn }) },
  requestId: 'JPvBwH1SoAMFYdw=',
  domainName: 'abcdef123.execute-api.us-east-1.amazonaws.com',
  connectionId,
  apiId: 'abcdef123',
  ...(authorizer !== undefined && { authorizer: { integrationLatency: 42, ...authorizer } }),
});

const headers = { Host: 'abcdef123.execute-api.us-east-1.amazonaws.com', 'Sec-WebSocket-Version': '13' };

/** The event of a text frame, on the route `$default` of a WebSocket API. */
export const messageEvent = (body: string, parts: SocketParts = {}) => ({
  requestContext: { ...context('MESSAGE', '$default', parts), messageId: 'JPvBwcHcIAMCJFg=' },
  body,
  isBase64Encoded: false,
});

/** The event of a handshake, on the route `$connect`. */
export const connectEvent = (parts: SocketParts = {}) => ({
  headers,
  multiValueHeaders: {},
  requestContext: context('CONNECT', '$connect', parts),
  isBase64Encoded: false,
});

/** The event of a WebSocket API's authorizer for a handshake with these headers, as AWS documents it. */
export const handshakeEvent = (brought: Record<string, string> = {}) => ({
  type: 'REQUEST',
  methodArn: 'arn:aws:execute-api:us-east-1:123456789012:abcdef123/pubsub/$connect',
  headers: { ...headers, ...brought },
  multiValueHeaders: {},
  queryStringParameters: {},
  multiValueQueryStringParameters: {},
  stageVariables: {},
  requestContext: context('CONNECT', '$connect', {}),
});
