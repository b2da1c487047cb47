import { allocator } from './allocator.ts';
import { authorizationOf } from './authorization.ts';
import type { Environment } from './environment.ts';
import { functionsFor } from './functions.ts';
import { resourcesFor } from './resources.ts';

/** The generated parts of serverless.yml, which infra/template/template.cjs passes on. */
export const templateFor = (environment: Environment) => ({
  functions: functionsFor(environment),
  resources: resourcesFor(environment),
  authorization: authorizationOf(environment),
  allocator,
  /** Which part of infra/stack/custom-domain.yml is deployed. */
  domain: environment.DOMAIN_NAME ? 'deployed' : 'none',
});
