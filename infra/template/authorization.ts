import { type AuthMode, needAuthorizer, parseModes } from '../../lib/access/modes.ts';
import type { Environment } from './environment.ts';

/** The function `authorizer` as API Gateway asks it. */
interface Authorizer {
  type: 'request';
  functionName: 'authorizer';
  enableSimpleResponses: true;
  payloadVersion: '2.0';
  /** The header that answers are cached by. */
  identitySource?: [string];
  resultTtlInSeconds: number;
}

/** Settings of the APIs that follow from GATEWAY_AUTH. */
export interface Authorization {
  /** The `authorizer` of every route. */
  route: { name: 'authorizer'; type: 'request' } | { type: 'aws_iam' } | '';
  /** The authorizers of the API. */
  authorizers: { authorizer?: Authorizer };
  /** With mutual TLS, the API's own address is closed: it asks for no certificate. */
  disableDefaultEndpoint: boolean;
  /** Which part of infra/stack/authorizer.yml is deployed. */
  authorizer: 'deployed' | 'none';
  /** Which part of infra/stack/pubsub-socket.yml is deployed. */
  socket: 'deployed' | 'none';
  /** Which of its parts goes with how callers show who they are. */
  socketAuthorization: 'authorizer' | 'iam' | 'none';
}

/**
 * `GATEWAY_AUTH` says who may call:
 * - `iam` (default): callers sign with AWS credentials that allow execute-api:Invoke
 * - `jwt`, `basic`, `api-key`, `mtls`: the function `authorizer` says who they are
 * - `passthrough`: whoever Kafka lets in; callers bring their own Kafka credentials, and API Gateway asks for none
 * - `none`: anyone; for running locally, or behind something else that authorizes
 */
export function authorizationOf({ GATEWAY_AUTH, GATEWAY_AUTH_CACHE_SECONDS }: Environment): Authorization {
  const modes = readModes(GATEWAY_AUTH);
  const hasAuthorizer = needAuthorizer(modes);
  // A WebSocket API can neither ask for client certificates nor hand callers' own credentials on with each message.
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

/** A fault is told by infra/plugins/callers.ts, in a line; until then nobody comes in without AWS credentials. */
function readModes(variable: string | undefined): readonly AuthMode[] {
  try {
    return parseModes(variable || 'iam');
  } catch {
    return ['iam'];
  }
}

/**
 * The header that API Gateway keeps answers of the authorizer by; null where there is none. It asks for every one that is named, and
 * answers 401 by itself when one is missing: where callers may choose between headers, or show a certificate, none can be named.
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
  // Without a header to keep answers by, one caller would get the answer to another.
  ...(source === null ? { resultTtlInSeconds: 0 } : { identitySource: [source], resultTtlInSeconds: Number(cacheSeconds || 60) }),
});
