import type { Authorizer, AuthorizerResult } from './authorizer.ts';

/** What a WebSocket API is answered: its authorizers know no simple responses. */
export interface PolicyResult {
  principalId: string;
  policyDocument: { Version: '2012-10-17'; Statement: { Action: string; Effect: 'Allow' | 'Deny'; Resource: string }[] };
  /** Handed on with each message of the connection, as `requestContext.authorizer`. */
  context?: Record<string, string>;
}

/**
 * Lets the authorizer of the HTTP API answer for handshakes of the WebSocket API (REQUEST, on `$connect`), too: who may come in by the
 * one may come in by the other.
 */
export const withSocket =
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
    policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect, Resource: methodArn }] },
    ...(result.isAuthorized && { context }),
  };
}
