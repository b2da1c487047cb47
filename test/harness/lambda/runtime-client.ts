import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { cached } from '../../../infra/local/cache.ts';

const PACKAGE = { name: 'aws-lambda-ric', version: '4.0.2' };
const SHA512 = 'FE5Vskx7mYNnqAnWWJXUOsLp2VGgdsJsCoRLFTa8L4Yk0QVtArqR8q58yPA++QC1a73ZWJXBQ2AH31nIAv7NOQ==';

/**
 * Path of the entry module of `aws-lambda-ric`, the runtime client that Lambda itself runs; npm fetches it on first use.
 *
 * It is not a dependency in package.json, because its install scripts compile curl, and `npm ci` must not need a compiler. Its JavaScript
 * is one file that imports only Node's modules; `rapid-client.cjs` replaces the compiled part.
 */
export async function runtimeClient(): Promise<string> {
  return join(await cached(PACKAGE.name, [PACKAGE.version, SHA512], download), 'index.mjs');
}

async function download(directory: string): Promise<void> {
  const { name, version } = PACKAGE;
  await promisify(execFile)('npm', ['pack', `${name}@${version}`], { cwd: directory });
  const file = join(directory, `${name}-${version}.tgz`);
  const tarball = await readFile(file);
  const sha512 = createHash('sha512').update(tarball).digest('base64');
  if (sha512 !== SHA512) throw new Error(`${name} ${version} has the SHA-512 ${sha512}, expected ${SHA512}`);

  await writeFile(join(directory, 'index.mjs'), fileInTar(gunzipSync(tarball), 'package/index.mjs'));
  await rm(file);
}

/** A tar is a sequence of files, each a header of 512 bytes (name at 0, size in octal at 124) and its content, padded to 512. */
function fileInTar(tar: Buffer, name: string): Buffer {
  for (let header = 0; tar[header] > 0; ) {
    const size = Number.parseInt(tar.toString('latin1', header + 124, header + 136), 8);
    const content = header + 512;
    if (tar.toString('latin1', header, content).startsWith(`${name}\0`)) return tar.subarray(content, content + size);
    header = content + Math.ceil(size / 512) * 512;
  }
  throw new Error(`The package has no file ${name}`);
}
