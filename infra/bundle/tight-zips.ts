import { glob, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { unzipSync, Zip, type ZipInputFile } from 'fflate';
import { deflate } from './deflate.ts';

/** The number of the compression method in zips. */
const DEFLATE = 8;

/** The part of the framework's object that this plugin uses. */
interface Serverless {
  serviceDir: string;
  service: { functions: Record<string, { package?: { artifact?: string } }> };
}

interface Writers {
  log: { notice(text: string): void };
}

/** Plugin of the framework, to run after serverless-esbuild, which zips fast but loosely: packs the zips again, a tenth smaller. */
export default class TightZips {
  readonly hooks: Record<string, () => Promise<void>>;

  constructor({ serviceDir, service }: Serverless, _options: unknown, { log }: Writers) {
    this.hooks = {
      'after:package:createDeploymentArtifacts': async () => {
        for (const { package: { artifact } = {} } of Object.values(service.functions)) {
          if (artifact === undefined) continue;
          const zip = await tighten(await readFile(join(serviceDir, artifact)));
          await writeFile(join(serviceDir, artifact), zip);
          await removeUnpacked(basename(artifact, '.zip'));
          log.notice(`${basename(artifact)} ${(zip.length / 1000).toFixed(1)} kB`);
        }
      },
    };
  }
}

/** serverless-esbuild 1.57 leaves the files of each zip in the temporary folder: it removes them as if they were one file. */
async function removeUnpacked(name: string): Promise<void> {
  for await (const folder of glob(`${name}-${process.pid}-*`, { cwd: tmpdir() })) await rm(join(tmpdir(), folder), { recursive: true });
}

/** Removes files beside the bundle that only other functions load. */
function usedOf(files: Record<string, Uint8Array>): Record<string, Uint8Array> {
  const bundles = Object.keys(files).filter((name) => name.endsWith('.js'));
  const isNamed = (name: string) => bundles.some((bundle) => Buffer.from(files[bundle]).includes(`/${basename(name)}`));
  return Object.fromEntries(Object.entries(files).filter(([name]) => !name.endsWith('.cjs') || isNamed(name)));
}

/** Packs the files that are used, as small as possible. The same files give the same bytes, on any machine and at any time. */
export async function tighten(zip: Uint8Array): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const zipped = new Zip((error, chunk) => {
    if (error) throw error;
    chunks.push(chunk);
  });
  for (const [name, content] of Object.entries(usedOf(unzipSync(zip))).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const file = deflated(name, content);
    zipped.add(file);
    file.ondata?.(null, new Uint8Array(await deflate(content)), true);
  }
  zipped.end();
  return Buffer.concat(chunks);
}

const deflated = (filename: string, content: Uint8Array): ZipInputFile => ({
  filename,
  compression: DEFLATE,
  size: content.length,
  crc: crc32(content),
  mtime: new Date(1980, 0, 1),
  // Unix, readable by everyone: Lambda runs a function as another user than the one that unpacks it.
  os: 3,
  attrs: 0o100644 << 16,
});
