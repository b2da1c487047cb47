import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ALIAS, aliasId, versionResources } from '../template/alias.ts';
import type { Resource } from '../template/cloudformation.ts';
import { trimmed } from '../template/environment.ts';
import { frameworkName, ownName } from '../template/names.ts';
import { type Deciding, resolved } from '../template/resolved.ts';
import { errorsAlarmOf, isGradual } from '../template/rollout.ts';

interface DeployedFunction {
  /** What the framework's events invoke. */
  targetAlias?: { name: string; logicalId: string };
  package?: { artifact?: string };
}

/** The part of the framework's object that this plugin uses. */
interface Serverless {
  serviceDir: string;
  service: {
    functions: Record<string, DeployedFunction>;
    provider: { compiledCloudFormationTemplate: Deciding & { Resources: Record<string, Resource> } };
  };
}

/** Properties that belong to a function as a whole, not to a version. */
const OF_ALL_VERSIONS = ['Code', 'ReservedConcurrentExecutions', 'Tags'];

/**
 * Plugin of the framework: publishes each function as a version behind an alias. The framework's own versions miss changes to a function,
 * such as its VPC, that come from parts of the template outside of serverless.yml.
 */
export default class Versions {
  readonly hooks: Record<string, () => void | Promise<void>>;

  constructor({ serviceDir, service }: Serverless) {
    this.hooks = {
      'before:package:compileFunctions': () => {
        for (const [name, one] of Object.entries(service.functions)) one.targetAlias = { name: ALIAS, logicalId: aliasId(name) };
      },

      'after:aws:package:finalize:mergeCustomProviderResources': async () => {
        const template = service.provider.compiledCloudFormationTemplate;
        const stepByStep = isGradual(trimmed(process.env));
        for (const [name, { package: { artifact = '' } = {} }] of Object.entries(service.functions)) {
          const zip = await readFile(join(serviceDir, artifact));
          const codeSha256 = createHash('sha256').update(zip).digest('base64');
          const version = versionId(name, codeSha256, template);
          Object.assign(
            template.Resources,
            versionResources(name, { version, codeSha256, isGradual: stepByStep }),
            stepByStep ? errorsAlarmOf(name, version) : {},
          );
        }
      },
    };
  }
}

/**
 * The logical id of a function's version. It changes exactly when Lambda sees other code or another configuration: Lambda does not publish
 * an unchanged version again, and CloudFormation cannot change a version.
 */
function versionId(
  name: string,
  codeSha256: string,
  template: Serverless['service']['provider']['compiledCloudFormationTemplate'],
): string {
  const { Properties } = template.Resources[`${frameworkName(name)}LambdaFunction`];
  const own = Object.fromEntries(Object.entries(Properties).filter(([property]) => !OF_ALL_VERSIONS.includes(property)));
  const digest = createHash('sha256').update(JSON.stringify([codeSha256, resolved(own, template)]));
  return `${ownName(name)}Version${digest.digest('hex').slice(0, 16)}`;
}
