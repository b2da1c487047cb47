import type { Authorizer, AuthorizerResult } from './authorizer.ts';

/** What WebSocket APIs and REST APIs are answered: their authorizers know no simple responses. */
export interface PolicyResult {
  principalId: string;
  policyDocument: { Version: '2012-10-17'; Statement: { Action: string; Effect: 'Allow' | 'Deny'; Resource: string }[] };
  /** Handed on with each message of the connection, or with the request, as `requestContext.authorizer`. */
  context?: Record<string, string>;
}

/**
 * Lets the authorizer of the HTTP API answer for handshakes of the WebSocket API (REQUEST, on `$connect`) and for the REST API that
 * streams, too: who may come in by the one may come in by the others.
 */
export const withPolicies =
  (authorize: Authorizer): ((event: unknown) => Promise<AuthorizerResult | PolicyResult>) =>
  async (event) => {
    const result = await authorize(event);
    const methodArn = typeof event === 'object' && event !== null && 'methodArn' in event ? event.methodArn : undefined;
    return typeof methodArn === 'string' ? policyOf(result, methodArn) : result;
  };

function policyOf(result: AuthorizerResult, methodArn: string): PolicyResult {
  const { principalId, ...context } = result.isAuthorized ? result.context : { principalId: 'nobody' };
  const Effect = result.isAuthorized ? 'Allow' : 'Deny';
  return {
    principalId,
    policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect, Resource: resourceOf(methodArn) }] },
    ...(result.isAuthorized && { context }),
  };
}

/** A REST API keeps a policy, and asks it about the caller's next request, whichever that is: the stage is what it must be about. */
const resourceOf = (methodArn: string): string => methodArn.replace(/^([^/]*\/[^/]*)\/[A-Z]+\/.*$/, '$1/*');
