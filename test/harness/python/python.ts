import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cached } from '../../../infra/local/cache.ts';

const run = promisify(execFile);
const requirements = join(import.meta.dirname, 'requirements.txt');

/** Path of a Python interpreter with the packages of requirements.txt. */
export const python = () => virtualEnvironment('python', requirements);

/**
 * Path of a Python interpreter with the packages of a requirements file, in a virtual environment that is made on first use. Run packages
 * with `-m`: their scripts refer to the environment by a path that no longer exists.
 *
 * @param name of the environment in the cache
 * @param path of the file
 * @param options of `pip install`
 */
export async function virtualEnvironment(name: string, path: string, options: string[] = []): Promise<string> {
  const { stdout: version } = await run('python3', [
    '-c',
    'import sys; assert sys.version_info >= (3, 10), sys.version; print(sys.version)',
  ]);
  const environment = await cached(name, [version, await readFile(path, 'utf8'), ...options], async (directory) => {
    await run('python3', ['-m', 'venv', directory]);
    await run(join(directory, 'bin/python'), ['-m', 'pip', 'install', '--quiet', '--no-input', ...options, '--requirement', path]);
  });
  return join(environment, 'bin/python');
}
