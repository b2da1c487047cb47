import type { IncomingMessage } from 'node:http';
import { listOf } from '../../lib/config/environment-reader.ts';

/** The part of the framework's service that this plugin uses. */
export interface CorsService {
  provider: { httpApi?: { cors?: OfflineCors } };
  resources?: { extensions?: { HttpApi?: { Properties?: { CorsConfiguration?: { 'Fn::If'?: readonly unknown[] } } } } };
}

/** The configuration that serverless-offline reads. */
interface OfflineCors {
  allowedOrigins: string[];
  allowedMethods: string[];
  allowedHeaders: string[];
  exposedResponseHeaders: string[];
  maxAge: number;
}

/**
 * Lets only pages of the origins in CORS_ORIGINS call `serverless offline`, as on AWS. By default, it would let every page that a developer
 * opens read and write.
 *
 * @returns a function to call with each request before anything else sees it
 */
export function offlineCors(service: CorsService, variable = process.env.CORS_ORIGINS ?? ''): (request: IncomingMessage) => void {
  const allowed = listOf(variable);
  const deployed = deployedCors(service);
  if (allowed.length > 0 && deployed !== null) {
    service.provider.httpApi = { ...service.provider.httpApi, cors: { ...deployed, allowedOrigins: allowed } };
  }
  return (request) => {
    const { origin } = request.headers;
    if (origin !== undefined && !allowed.includes(origin) && !allowed.includes('*')) delete request.headers.origin;
  };
}

/** The configuration of infra/stack/cors.yml. */
function deployedCors({ resources }: CorsService): Omit<OfflineCors, 'allowedOrigins'> | null {
  const [, configured] = resources?.extensions?.HttpApi?.Properties?.CorsConfiguration?.['Fn::If'] ?? [];
  if (typeof configured !== 'object' || configured === null) return null;
  const textsOf = (name: string): string[] => {
    const texts: unknown = Reflect.get(configured, name);
    return Array.isArray(texts) ? texts.map(String) : [];
  };
  return {
    allowedMethods: textsOf('AllowMethods'),
    allowedHeaders: textsOf('AllowHeaders'),
    exposedResponseHeaders: textsOf('ExposeHeaders'),
    maxAge: Number(Reflect.get(configured, 'MaxAge')),
  };
}
