import { allocator } from './allocator.ts';
import { authorizationOf } from './authorization.ts';
import type { Environment } from './environment.ts';
import { functionsFor } from './functions.ts';
import { resourcesFor } from './resources.ts';

/** The parts of serverless.yml that are made by code; infra/template/template.cjs hands them on. */
export const templateFor = (environment: Environment) => ({
  functions: functionsFor(environment),
  resources: resourcesFor(environment),
  authorization: authorizationOf(environment),
  allocator,
  /** Which part of infra/stack/custom-domain.yml is deployed. */
  domain: environment.DOMAIN_NAME ? 'deployed' : 'none',
});
