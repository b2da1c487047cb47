import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { unzipSync, type Zippable, zipSync } from 'fflate';

/** What is used here of the framework, which hands it to every plugin. */
interface Serverless {
  serviceDir: string;
  service: { functions: Record<string, { package?: { artifact?: string } }> };
}

interface Writers {
  log: { notice(text: string): void };
}

/** Plugin of the framework, to run after serverless-esbuild, which zips fast and loosely: packs the zips again, a tenth smaller. */
export default class TightZips {
  readonly hooks: Record<string, () => Promise<void>>;

  constructor({ serviceDir, service }: Serverless, _options: unknown, { log }: Writers) {
    this.hooks = {
      'after:package:createDeploymentArtifacts': async () => {
        for (const { package: { artifact } = {} } of Object.values(service.functions)) {
          if (artifact === undefined) continue;
          const zip = tighten(await readFile(join(serviceDir, artifact)));
          await writeFile(join(serviceDir, artifact), zip);
          log.notice(`${basename(artifact)} ${(zip.length / 1000).toFixed(1)} kB`);
        }
      },
    };
  }
}

/** Without the files beside the bundle that another function loads, and this one does not. */
function usedOf(files: Record<string, Uint8Array>): Record<string, Uint8Array> {
  const bundles = Object.keys(files).filter((name) => name.endsWith('.js'));
  const isNamed = (name: string) => bundles.some((bundle) => Buffer.from(files[bundle]).includes(`/${basename(name)}`));
  return Object.fromEntries(Object.entries(files).filter(([name]) => !name.endsWith('.cjs') || isNamed(name)));
}

/** The files that are used, compressed as well as it goes; the same bytes for the same files, wherever and whenever it runs. */
export function tighten(zip: Uint8Array): Uint8Array {
  const files = Object.entries(usedOf(unzipSync(zip))).sort(([a], [b]) => (a < b ? -1 : 1));
  const packed: Zippable = {};
  // Unix, readable by all: Lambda runs a function as another user than the one it unpacks it as.
  for (const [name, content] of files) packed[name] = [content, { level: 9, mtime: new Date(1980, 0, 1), os: 3, attrs: 0o100644 << 16 }];
  return zipSync(packed);
}
