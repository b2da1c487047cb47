import { type JsonMembers, membersOf } from '../json/json-members.ts';
import { authorizerOf } from './authorizer-of.ts';

/** What a REST API may have in front of the path: the name of its stage, or what a custom domain maps to it. */
const RECORDS = /^(.*?)(\/topics\/[^/]+\/records\/?)$/;

/**
 * The event of a REST API (payload format 1.0) in the shape that an HTTP API gives it (2.0); any other as it is. It is for the API of
 * infra/template/streams.ts, whose one resource is the records of topics.
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

/** They come decoded. */
const queryOf = (parameters: JsonMembers): string =>
  Object.entries(parameters)
    .flatMap(([name, values]) => textsOf(values).map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`))
    .join('&');

const headersOf = (headers: JsonMembers): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, values]) => [name.toLowerCase(), textsOf(values).join(',')]));

const textsOf = (values: unknown): string[] => (Array.isArray(values) ? values.map(textOf) : []);
