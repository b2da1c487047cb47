import { join, relative } from 'node:path';

/** The part of the framework's object that this plugin uses. */
interface Serverless {
  serviceDir: string;
  service: { functions: Record<string, { package?: { artifact?: string } }> };
}

/** The folder of the zips, inside the framework's. */
export const FOLDER = 'made-zips';

/** Plugin of the framework, for tests, instead of those that make zips: takes each function's zip from {@link FOLDER}. */
export default class MadeZips {
  readonly hooks: Record<string, () => void>;

  constructor({ serviceDir, service }: Serverless) {
    const functions = () => Object.entries(service.functions);
    this.hooks = {
      'before:package:createDeploymentArtifacts'() {
        for (const [name, one] of functions()) one.package = { ...one.package, artifact: join(FOLDER, `${name}.zip`) };
      },
      // The framework has made the paths absolute; serverless-esbuild's are relative.
      'after:package:createDeploymentArtifacts'() {
        for (const [, { package: made }] of functions()) if (made?.artifact) made.artifact = relative(serviceDir, made.artifact);
      },
    };
  }
}
