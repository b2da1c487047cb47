import type { Environment } from '../../lib/config/environment-reader.ts';

const DEFAULT_PORT = '8082';
const DEFAULT_HOST = '0.0.0.0';

/** Where `npm run serve` listens. As everywhere, an empty variable counts as unset. @throws {Error} naming the wrong variable */
export function addressIn(environment: Environment): { port: number; host: string } {
  const [, host, port] = /^(?:http:\/\/)?(.+):(\d+)\/?$/.exec(environment.AWS_LAMBDA_HTTP_ENDPOINT ?? '') ?? [];
  return {
    port: portIn(environment, 'PORT') ?? Number(port ?? DEFAULT_PORT),
    host: environment.HOST?.trim() || host || DEFAULT_HOST,
  };
}

/** A variable with a port; null if it is unset. @throws {Error} naming the variable */
export function portIn(environment: Environment, name: string): number | null {
  const text = environment[name]?.trim() || null;
  if (text === null) return null;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new Error(`${name} must be a number from 0 to 65535, not ${text}.`);
}
