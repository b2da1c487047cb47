import { type AuthMode, needAuthorizer, parseModes } from '../../lib/access/modes.ts';
import type { Environment } from './environment.ts';

/** How API Gateway calls the function `authorizer`. */
interface Authorizer {
  type: 'request';
  functionName: 'authorizer';
  enableSimpleResponses: true;
  payloadVersion: '2.0';
  /** The header by which API Gateway caches results. */
  identitySource?: [string];
  resultTtlInSeconds: number;
}

/** Settings of the APIs that depend on GATEWAY_AUTH. */
export interface Authorization {
  /** The `authorizer` of every route. */
  route: { name: 'authorizer'; type: 'request' } | { type: 'aws_iam' } | '';
  /** The authorizers of the API. */
  authorizers: { authorizer?: Authorizer };
  /** With mutual TLS, the API's default endpoint is closed, because it asks for no certificate. */
  disableDefaultEndpoint: boolean;
  /** Which part of infra/stack/authorizer.yml is deployed. */
  authorizer: 'deployed' | 'none';
  /** Which part of infra/stack/pubsub-socket.yml is deployed. */
  socket: 'deployed' | 'none';
  /** Which of its authorization parts is deployed. */
  socketAuthorization: 'authorizer' | 'iam' | 'none';
}

/**
 * `GATEWAY_AUTH` says who may call:
 * - `iam` (default): callers sign with AWS credentials that allow execute-api:Invoke
 * - `jwt`, `basic`, `api-key`, `mtls`: the function `authorizer` authenticates callers
 * - `passthrough`: callers bring their own Kafka credentials; Kafka checks them, and API Gateway asks for none
 * - `none`: anyone; for local use, or behind something else that authorizes
 */
export function authorizationOf({ GATEWAY_AUTH, GATEWAY_AUTH_CACHE_SECONDS }: Environment): Authorization {
  const modes = readModes(GATEWAY_AUTH);
  const hasAuthorizer = needAuthorizer(modes);
  // A WebSocket API can neither ask for client certificates nor pass on callers' own credentials with each message.
  const hasSocket = !modes.includes('mtls') && !modes.includes('passthrough');

  return {
    route: hasAuthorizer ? { name: 'authorizer', type: 'request' } : modes.includes('iam') ? { type: 'aws_iam' } : '',
    authorizers: hasAuthorizer ? { authorizer: authorizerOf(identitySource(modes), GATEWAY_AUTH_CACHE_SECONDS) } : {},
    disableDefaultEndpoint: modes.includes('mtls'),
    authorizer: hasAuthorizer ? 'deployed' : 'none',
    socket: hasSocket ? 'deployed' : 'none',
    socketAuthorization: !hasSocket ? 'none' : hasAuthorizer ? 'authorizer' : modes.includes('iam') ? 'iam' : 'none',
  };
}

/** infra/plugins/callers.ts reports an invalid value; until then, only callers with AWS credentials get in. */
function readModes(variable: string | undefined): readonly AuthMode[] {
  try {
    return parseModes(variable || 'iam');
  } catch {
    return ['iam'];
  }
}

/**
 * The header by which API Gateway caches the authorizer's results; null if there is none. API Gateway requires every header that is named,
 * and answers 401 itself if one is missing. So none can be named if callers may choose between headers, or show a certificate.
 */
function identitySource(modes: readonly AuthMode[]): string | null {
  const inAuthorization = modes.includes('jwt') || modes.includes('basic');
  if (modes.includes('mtls') || (inAuthorization && modes.includes('api-key'))) return null;
  return inAuthorization ? '$request.header.Authorization' : '$request.header.x-api-key';
}

const authorizerOf = (source: string | null, cacheSeconds: string | undefined): Authorizer => ({
  type: 'request',
  functionName: 'authorizer',
  enableSimpleResponses: true,
  payloadVersion: '2.0',
  // Without a header to cache by, one caller would get the result of another.
  ...(source === null ? { resultTtlInSeconds: 0 } : { identitySource: [source], resultTtlInSeconds: Number(cacheSeconds || 60) }),
});
