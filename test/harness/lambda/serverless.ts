import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { zipSync } from 'fflate';
import { type FunctionName, rows } from '../../../infra/functions.ts';
import { makeWorkspace } from '../../../infra/local/workspace.ts';
import { FOLDER } from './made-zips.ts';

const run = promisify(execFile);

/** The part of serverless.yml about these functions, without roles and other resources. */
function partOf(service: string, only: readonly FunctionName[]): string {
  if (only.length === 0) return service;
  const listed = only.map((name) => `\n  ${name}: \${file(./infra/template/template.cjs):functions.${name}}`);
  return service.slice(0, service.indexOf('\nresources:')).replace(/\nfunctions: .*/, `\nfunctions:${listed.join('')}`);
}

/** The plugins of serverless.yml that make zips. */
const MAKERS = ['serverless-esbuild', './infra/bundle/tight-zips.ts'].map((name) => `  - ${name}\n`).join('');

/** The zip of a function without code. */
const EMPTY_ZIP = zipSync({ 'nothing.js': new Uint8Array() });

/** Absolute path of the repository. */
export const repository = fileURLToPath(new URL('../../../', import.meta.url));

/** The framework on this repository, in its own folder, so that other builds do not interfere. */
export interface Serverless {
  /** Path of the folder, where `.serverless` appears. */
  folder: string;
  /**
   * Runs a command of the framework, without this process's variables that would configure the gateway.
   * @returns its output
   * @throws when it fails; the error's `stdout` and `stderr` say why
   */
  run(parameters: string[], environment: Record<string, string>): Promise<string>;
  /** Removes the folder. */
  close(): Promise<void>;
}

/** Like {@link openServerless}, for tests of the template only: with empty zips, because real ones take most of the time. */
export const openWithoutCode = (): Promise<Serverless> => openWithZips((_, path) => writeFile(path, EMPTY_ZIP));

/**
 * Like {@link openServerless}, with zips that exist already.
 *
 * @param put writes a function's zip to a path
 */
export async function openWithZips(
  put: (name: FunctionName, path: string) => Promise<void>,
  plugins: readonly string[] = [],
): Promise<Serverless> {
  const framework = await openServerless(plugins);
  const file = join(framework.folder, 'serverless.yml');
  const service = await readFile(file, 'utf8');
  assert.ok(service.includes(MAKERS));
  await writeFile(file, service.replace(MAKERS, '  - ./test/harness/lambda/made-zips.ts\n'));
  await mkdir(join(framework.folder, FOLDER));
  for (const [name] of rows) await put(name, join(framework.folder, FOLDER, `${name}.zip`));
  return framework;
}

/**
 * @param plugins paths of additional plugins
 * @param only the functions to package, without the rest of the stack, because each takes its time; by default the whole stack
 * @see {@link Serverless}
 */
export async function openServerless(plugins: readonly string[] = [], only: readonly FunctionName[] = []): Promise<Serverless> {
  const { directory: folder, remove } = await makeWorkspace();
  for (const file of ['package.json', 'tsconfig.json']) await copyFile(join(repository, file), join(folder, file));
  const service = await readFile(join(repository, 'serverless.yml'), 'utf8');
  await writeFile(
    join(folder, 'serverless.yml'),
    partOf(service, only).replace('\nplugins:\n', ['\nplugins:', ...plugins.map((path) => `  - ${path}`), ''].join('\n')),
  );
  for (const name of ['infra', 'functions', 'lib', 'test', 'node_modules']) await symlink(join(repository, name), join(folder, name));
  return {
    folder,
    async run(parameters, environment) {
      const inherited = Object.entries(process.env).filter(
        ([name]) => !/^(?:AWS|KAFKA|GATEWAY|SCHEMA|VPC|CORS|LOG|RESERVED|DOMAIN)_/.test(name),
      );
      const command = join(repository, 'node_modules/.bin/serverless');
      const env = { ...Object.fromEntries(inherited), ...environment };
      const { stdout, stderr } = await run(process.execPath, [command, ...parameters], { cwd: folder, env });
      return stdout + stderr;
    },
    close: remove,
  };
}
