import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cached } from '../../../infra/local/cache.ts';
import { rawJson } from '../../../lib/json/raw-json.ts';
import type { NamedSchema } from '../../../lib/schemas/json-schema/codec.ts';

const run = promisify(execFile);

/** A PyPI package whose source contains the official JSON-Schema-Test-Suite; npm packages have that of 2014, or none. */
const PACKAGE = 'jsonschema==4.26.0';
/** The base address of the suite's remote schemas. */
const REMOTES = 'http://localhost:1234/';

/** The name of each draft, by its folder in the suite. */
export const officialDrafts = {
  draft4: 'http://json-schema.org/draft-04/schema#',
  draft6: 'http://json-schema.org/draft-06/schema#',
  draft7: 'http://json-schema.org/draft-07/schema#',
  'draft2019-09': 'https://json-schema.org/draft/2019-09/schema',
  'draft2020-12': 'https://json-schema.org/draft/2020-12/schema',
} as const;

export type DraftFolder = keyof typeof officialDrafts;

/** A schema of the suite, and the values to validate with it. */
export interface OfficialGroup {
  /** The path of its file in the draft's folder, without the extension: `optional/format/email`. */
  file: string;
  description: string;
  /** The schema, which names its draft. */
  schema: string;
  tests: { description: string; data: string; valid: boolean }[];
}

/** The cases of a draft, with all digits of their numbers. */
export async function officialGroups(draft: DraftFolder): Promise<OfficialGroup[]> {
  const folder = join(await suite(), 'tests', draft);
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.json')).sort();
  const groups = await Promise.all(files.map(async (file) => groupsIn(file, await readFile(join(folder, file), 'utf8'), draft)));
  return groups.flat();
}

/** The schemas that the suite refers to by address. */
export async function officialRemotes(): Promise<NamedSchema[]> {
  const folder = join(await suite(), 'remotes');
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.json'));
  return Promise.all(files.map(async (file) => ({ name: REMOTES + file, schema: await readFile(join(folder, file), 'utf8') })));
}

interface Group {
  description: string;
  schema: unknown;
  tests: { description: string; data: unknown; valid: boolean }[];
}

function groupsIn(file: string, text: string, draft: DraftFolder): OfficialGroup[] {
  const groups: Group[] = JSON.parse(text, (_name, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== undefined ? rawJson(context.source) : value,
  );
  return groups.map(({ description, schema, tests }) => ({
    file: file.replace(/\.json$/, ''),
    description,
    schema: JSON.stringify(typeof schema === 'object' ? { $schema: officialDrafts[draft], ...schema } : schema),
    tests: tests.map((one) => ({ ...one, data: JSON.stringify(one.data) })),
  }));
}

async function suite(): Promise<string> {
  const directory = await cached('json-schema-suite', [PACKAGE], async (into) => {
    const options = ['--quiet', '--no-deps', '--no-binary', ':all:', '--dest', into];
    await run('python3', ['-m', 'pip', 'download', ...options, PACKAGE]);
    const [archive] = await readdir(into);
    await run('tar', ['-xzf', join(into, archive), '--directory', into, '--strip-components=1']);
  });
  return join(directory, 'json');
}
