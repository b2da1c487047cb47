import { type DescribedOperation, type Description, type Exemplified, type Parameter, resolve } from '../../../lib/openapi/description.ts';
import { valuesOf } from '../../../lib/openapi/operation-html.ts';
import { type Answer, call, type RequestParts } from '../http/gateway.ts';

/** A request from an operation's examples. */
export interface ExampleRequest {
  /** Parameters of path, query and headers, by name. */
  parameters: Record<string, unknown>;
  /** Null without a body. */
  body: { type: string; value: unknown } | null;
  /** Null for any media type. */
  accept: string | null;
}

/**
 * The requests from an operation's examples: each body with only the required parameters, each example of each optional parameter, and each
 * media type of the response.
 */
export function exampleRequests(description: Description, { operation, parameters }: DescribedOperation): ExampleRequest[] {
  const required = Object.fromEntries(parameters.filter((one) => one.required).map((one) => [one.name, firstOf(one)]));
  const { content = {} } = operation.requestBody === undefined ? {} : resolve(description, operation.requestBody);
  const examples = Object.entries(content).flatMap(([type, media]) => valuesOf(media).map((value) => ({ type, value })));
  const bodies = operation.requestBody === undefined ? [null] : examples;
  // Parameters that need a schema registry are tested with one.
  const optional = parameters.filter((one) => !one.required && one.name !== 'kafka-value-schema-id');

  return bodies.flatMap((body) => [
    { parameters: required, body, accept: null },
    ...optional.flatMap(({ name, ...one }) =>
      valuesOf(one).map((value) => ({ parameters: { ...required, [name]: value }, body, accept: null })),
    ),
    ...answerTypes(description, operation).map((accept) => ({ parameters: required, body, accept })),
  ]);
}

/** Types that are only returned for a body of the same type, which text cannot show; types that need a schema registry; and streams. */
const OTHERS = /^(text\/event-stream|application\/(x-protobuf|vnd\.kafka\.(avro|jsonschema|protobuf)\.v2\+json))$/;

function answerTypes(description: Description, { responses }: DescribedOperation['operation']): string[] {
  const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  return successes
    .flatMap(([, response]) => Object.keys(resolve(description, response).content ?? {}))
    .filter((type) => !OTHERS.test(type));
}

const firstOf = (one: Exemplified): unknown => valuesOf(one)[0];

/** Sends a request of an operation, with parts that are added or replace its own. */
export function send(
  { method, path, parameters }: DescribedOperation,
  { parameters: values, body, accept }: ExampleRequest,
  parts: RequestParts = {},
): Promise<Answer> {
  const given = (place: Parameter['in']) =>
    Object.fromEntries(
      parameters.flatMap(({ name, in: where }) => (where === place && values[name] !== undefined ? [[name, String(values[name])]] : [])),
    );
  const target = Object.entries(given('path')).reduce((so, [name, value]) => so.replace(`{${name}}`, encoded(value)), path);
  return call(method, target, {
    ...(body !== null && { body: typeof body.value === 'string' ? body.value : JSON.stringify(body.value) }),
    query: given('query'),
    ...parts,
    headers: {
      host: 'gateway.example',
      ...lowerCased(given('header')),
      ...(body !== null && { 'content-type': body.type }),
      ...(accept !== null && { accept }),
      ...parts.headers,
    },
  });
}

/** A value that already has an escape is invalid on purpose. */
const encoded = (value: string): string => (value.includes('%') ? value : encodeURIComponent(value));

const lowerCased = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** What is special about a request, in one line. */
export function titleOf({ parameters: all }: DescribedOperation, { parameters, body, accept }: ExampleRequest): string {
  const optional = all.filter(({ name, required }) => !required && name in parameters);
  const values = optional.map(({ name }) => `${name}: ${parameters[name]}`);
  return [...(body === null ? [] : [body.type]), ...values, ...(accept === null ? [] : [`Accept: ${accept}`])].join(', ') || 'nothing else';
}
