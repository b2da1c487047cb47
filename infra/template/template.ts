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
  defaults: defaultsFor(environment),
  /** Which part of infra/stack/custom-domain.yml is deployed. */
  domain: environment.DOMAIN_NAME ? 'deployed' : 'none',
});

/** Variables with a default, by which an empty one counts as unset: the framework's own defaults are for unset ones only. */
const defaultsFor = ({ GATEWAY_AUTH, LAG_ALARM_RECORDS, LOG_RETENTION_DAYS }: Environment) => ({
  GATEWAY_AUTH: GATEWAY_AUTH || 'iam',
  LAG_ALARM_RECORDS: LAG_ALARM_RECORDS || '100000',
  LOG_RETENTION_DAYS: LOG_RETENTION_DAYS || '30',
});
