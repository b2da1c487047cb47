/** The credentials of a request. */
interface Brought {
  /** Names in any case, as hosts differ in that. */
  headers?: Record<string, string>;
  clientCert?: object;
  sourceIp?: string;
}

/** The event of a Lambda authorizer of an HTTP API, payload format 2.0, as AWS documents it. */
export const authorizerEvent = ({ headers = {}, clientCert, sourceIp = '192.0.2.1' }: Brought = {}) => ({
  version: '2.0',
  type: 'REQUEST',
  routeArn: 'arn:aws:execute-api:us-east-1:123456789012:abcdef123/$default/GET/topics',
  identitySource: [headers.authorization ?? ''],
  routeKey: 'GET /topics',
  rawPath: '/topics',
  rawQueryString: '',
  cookies: [],
  headers,
  queryStringParameters: {},
  requestContext: {
    accountId: '123456789012',
    apiId: 'abcdef123',
    ...(clientCert !== undefined && { authentication: { clientCert } }),
    domainName: 'kafka.example.com',
    domainPrefix: 'kafka',
    http: { method: 'GET', path: '/topics', protocol: 'HTTP/1.1', sourceIp, userAgent: 'test' },
    requestId: 'JKJaXmPLvHcESHA=',
    routeKey: 'GET /topics',
    stage: '$default',
    time: '01/Jan/2026:12:00:00 +0000',
    timeEpoch: 1767268800000,
  },
  pathParameters: {},
  stageVariables: {},
});

/** The certificate of such an event. */
export const clientCert = {
  clientCertPem: 'CERT_CONTENT',
  subjectDN: 'CN=sensor-1,O=Example',
  issuerDN: 'CN=Example authority',
  serialNumber: 'a1:a1:a1:a1',
  validity: { notBefore: 'May 28 12:30:02 2019 GMT', notAfter: 'Aug  5 09:36:04 2999 GMT' },
};
