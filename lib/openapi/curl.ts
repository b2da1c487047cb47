import type { DescribedOperation, Exemplified } from './description.ts';

/**
 * A curl command that sends an operation's first example, with the parameters it needs.
 *
 * @param content the media type and the example of the body; absent without a body
 */
export function curlOf({ method, path, parameters }: DescribedOperation, content?: [string, Exemplified]): string {
  const target = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(firstOf(parameters.find((one) => one.name === name)))));
  const asks = parameters
    .filter((one) => one.in === 'query' && /^(?:offset|topic)$/.test(one.name))
    .map((one) => `${one.name}=${firstOf(one)}`);
  const query = method === 'GET' && asks.length > 0 ? `?${asks[0]}` : '';
  const body = content === undefined ? [] : [`-H 'Content-Type: ${content[0]}'`, `-d '${textOf(firstOf(content[1]))}'`];
  return [
    `curl ${method === 'GET' || (method === 'POST' && body.length > 0) ? '' : `-X ${method} `}"$GATEWAY${target}${query}"`,
    ...body,
  ].join(' \\\n  ');
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll("'", "'\\''");

const firstOf = ({ example, examples = {} }: Partial<Exemplified> = {}): unknown => example ?? Object.values(examples)[0]?.value ?? '';
