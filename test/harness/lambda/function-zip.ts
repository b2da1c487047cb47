import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';

/** The files of a deployment zip: name in the zip → content. */
export async function filesOf(zip: string): Promise<Record<string, Uint8Array>> {
  return unzipSync(await readFile(zip), { filter: ({ name }) => !name.endsWith('/') });
}

/** Writes the files of a deployment zip below a folder. */
export async function unpack(files: Record<string, Uint8Array>, folder: string): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

/** The handler of a deployment zip as Lambda names it, such as `functions/produce.handler`: only its own file ends in `.js`. */
export function handlerIn(files: Record<string, Uint8Array>): string {
  const modules = Object.keys(files).filter((name) => name.endsWith('.js'));
  if (modules.length !== 1) throw new Error(`Expected one file that can be the handler's, found ${modules.length}: ${modules.join(', ')}`);
  return modules[0].replace(/\.js$/, '.handler');
}
