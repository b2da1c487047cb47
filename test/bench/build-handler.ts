import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { zipSync } from 'fflate';

/**
 * Builds the zip of a handler that answers 200 and does nothing, with the settings of infra/bundle/esbuild.yml.
 *
 * @param imports source code of what it loads
 * @returns path of the zip
 */
export async function buildHandler(folder: string, name: string, imports: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `${imports}\nexport const handler = async () => ({ statusCode: 200, headers: { 'content-type': 'application/json' }, body: '{}' });`,
      resolveDir: import.meta.dirname,
    },
    ...{ bundle: true, minify: true, platform: 'node', format: 'cjs', target: 'node24', mainFields: ['module', 'main'] },
    ...{ legalComments: 'none', write: false, outfile: `${name}.js` },
  });
  const zip = join(folder, `${name}.zip`);
  await writeFile(zip, zipSync({ [`functions/${name}.js`]: outputFiles[0].contents }));
  return zip;
}
