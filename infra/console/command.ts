import { parseArgs } from 'node:util';
import { STSClient } from '@aws-sdk/client-sts';
import { type ConsoleProxy, startConsoleProxy } from './proxy.ts';

/** The command's usage text. */
export const USAGE = `npm run console -- <address of the gateway> [--port <port>] [--region <region>]
Opens the console of a gateway with GATEWAY_AUTH=iam: it signs requests with your AWS credentials, found as the AWS CLI finds them.`;

const options = { port: { type: 'string', default: '0' }, region: { type: 'string' } } as const;

/**
 * Starts the console of a gateway on this machine.
 *
 * @throws {Error} whose message says what is wrong
 */
export async function openConsoleOf(parameters: string[]): Promise<ConsoleProxy> {
  const { values, positionals } = parseArgs({ args: parameters, options, allowPositionals: true });
  const gateway = URL.parse(positionals[0] ?? '');
  if (gateway === null || positionals.length !== 1 || !/^\d{1,5}$/.test(values.port)) throw new Error(USAGE);
  const isLocal = ['127.0.0.1', 'localhost', '[::1]'].includes(gateway.hostname);
  if (gateway.protocol !== 'https:' && !isLocal) throw new Error('The address of the gateway must begin with https://');
  // The AWS CLI's credential chain: variables, profiles, single sign-on, roles.
  const { config } = new STSClient({});
  const [, regionOfHost] = /\.(?:execute-api|lambda-url)\.([a-z0-9-]+)\./.exec(gateway.hostname) ?? [];
  const region = values.region ?? regionOfHost ?? (await config.region().catch(regionUnknown));
  return startConsoleProxy({ gateway: gateway.href, region, credentials: () => config.credentials(), port: Number(values.port) });
}

function regionUnknown(cause: unknown): never {
  throw new Error('The region of the gateway is not known: give --region, or set AWS_REGION', { cause });
}
