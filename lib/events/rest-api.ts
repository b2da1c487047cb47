import { type JsonMembers, membersOf } from '../json/json-members.ts';
import { authorizerOf } from './authorizer-of.ts';

/** A REST API's path may begin with its stage, or with the base path of a custom domain. */
const RECORDS = /^(.*?)(\/topics\/[^/]+\/records\/?)$/;

/**
 * Converts a REST API event (payload format 1.0) to the shape of an HTTP API's (2.0); any other event is unchanged. It is for the API of
 * infra/template/streams.ts, whose only resource is the records of topics.
 */
export function asHttpApi(event: unknown): unknown {
  const fields = membersOf(event);
  if (typeof fields.httpMethod !== 'string') return event;
  const requestContext = membersOf(fields.requestContext);
  const identity = membersOf(requestContext.identity);
  const path = textOf(requestContext.path) || textOf(fields.path);
  const [, front = ''] = RECORDS.exec(path) ?? [];
  return {
    version: '2.0',
    routeKey: `${fields.httpMethod} ${textOf(fields.resource)}`,
    rawPath: path,
    rawQueryString: queryOf(membersOf(fields.multiValueQueryStringParameters)),
    headers: headersOf(membersOf(fields.multiValueHeaders)),
    requestContext: {
      requestId: requestContext.requestId,
      stage: front.slice(1),
      http: { method: fields.httpMethod, path, sourceIp: identity.sourceIp },
      authorizer: authorizerOf(membersOf(requestContext.authorizer), identity),
    },
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The parameters of the event are decoded. encodeURIComponent would throw for half of a surrogate pair. */
const queryOf = (parameters: JsonMembers): string =>
  String(
    new URLSearchParams(
      Object.entries(parameters).flatMap(([name, values]) => textsOf(values).map((value): [string, string] => [name, value])),
    ),
  );

const headersOf = (headers: JsonMembers): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, values]) => [name.toLowerCase(), textsOf(values).join(',')]));

const textsOf = (values: unknown): string[] => (Array.isArray(values) ? values.map(textOf) : []);
