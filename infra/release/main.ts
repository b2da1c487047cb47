import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { release } from './release.ts';

// npm run release -- 0.2.0: see docs/contributing/releasing.md.

const { positionals } = parseArgs({ allowPositionals: true });
const [version] = positionals;
try {
  if (version === undefined || positionals.length > 1) throw new Error('Usage: npm run release -- <version>');
  const today = new Date().toISOString().slice(0, 10);
  const tag = await release(fileURLToPath(new URL('../../', import.meta.url)), version, today);
  console.log(`Made ${tag}. Look at it with git show ${tag}; publish it with git push origin main ${tag}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
