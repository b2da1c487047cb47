const { needAuthorizer, parseModes } = require('../lib/access/modes.ts');

const { GATEWAY_AUTH, GATEWAY_AUTH_CACHE_SECONDS, DOMAIN_NAME } = process.env;

const modes = readModes();
const hasAuthorizer = needAuthorizer(modes);

/** A WebSocket API can neither ask for client certificates nor hand callers' own credentials on with each message. */
const hasSocket = !modes.includes('mtls') && !modes.includes('passthrough');

/** What GATEWAY_AUTH makes of the APIs; serverless.yml and infra/http-api.yml take it from here. */
module.exports = {
  /** The `authorizer` of every route. */
  route: hasAuthorizer ? { name: 'authorizer', type: 'request' } : modes.includes('iam') ? { type: 'aws_iam' } : '',

  /** The authorizers of the API. */
  authorizers: hasAuthorizer ? { authorizer: authorizerOf(identitySource()) } : {},

  /** With mutual TLS, the API's own address is closed: it asks for no certificate. */
  disableDefaultEndpoint: modes.includes('mtls'),

  /** Which part of infra/authorizer.yml is deployed. */
  resources: hasAuthorizer ? 'deployed' : 'none',

  /** Which part of infra/custom-domain.yml is deployed. */
  domain: DOMAIN_NAME ? 'deployed' : 'none',

  /** Which part of infra/pubsub-socket.yml is deployed, and which of its parts goes with how callers show who they are. */
  socket: hasSocket ? 'deployed' : 'none',
  socketAuthorization: !hasSocket ? 'none' : hasAuthorizer ? 'authorizer' : modes.includes('iam') ? 'iam' : 'none',

  /** The events of the function behind it. The framework wants a header to be named, which infra/pubsub-socket.yml takes back. */
  socketEvents: [
    { websocket: { route: '$connect', ...(hasAuthorizer && { authorizer: { name: 'authorizer', identitySource: ['none'] } }) } },
    { websocket: { route: '$default', routeResponseSelectionExpression: '$default' } },
  ],
};

/** A fault is told by infra/plugins/authorizer-function.ts, in a line; until then nobody comes in without AWS credentials. */
function readModes() {
  try {
    return parseModes(GATEWAY_AUTH || 'iam');
  } catch {
    return ['iam'];
  }
}

/**
 * The header that API Gateway keeps answers of the authorizer by; null where there is none. It asks for every one that is named, and
 * answers 401 by itself when one is missing: where callers may choose between headers, or show a certificate, none can be named.
 */
function identitySource() {
  const inAuthorization = modes.includes('jwt') || modes.includes('basic');
  if (modes.includes('mtls') || (inAuthorization && modes.includes('api-key'))) return null;
  return inAuthorization ? '$request.header.Authorization' : '$request.header.x-api-key';
}

function authorizerOf(source) {
  return {
    type: 'request',
    functionName: 'authorizer',
    enableSimpleResponses: true,
    payloadVersion: '2.0',
    // Without a header to keep answers by, one caller would get the answer to another.
    ...(source === null
      ? { resultTtlInSeconds: 0 }
      : { identitySource: [source], resultTtlInSeconds: Number(GATEWAY_AUTH_CACHE_SECONDS || 60) }),
  };
}
