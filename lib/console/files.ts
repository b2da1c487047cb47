import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { PAGE_STYLE } from '../page-style.ts';

// The build replaces this module by the values of its exports, so that no zip needs esbuild or the page's sources.
const page = join(import.meta.dirname, 'page');

/** A file of the page. Its name changes with its content. */
interface PageFile {
  name: string;
  mediaType: string;
  /** The compressed bytes, as base64. */
  br: string;
  gzip: string;
}

function pageFile(stem: string, ending: string, mediaType: string, content: Uint8Array): PageFile {
  const hash = createHash('sha256').update(content).digest('base64url').replace(/[-_]/g, '').slice(0, 10);
  const br = brotliCompressSync(content, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
  });
  return {
    name: `${stem}-${hash}.${ending}`,
    mediaType,
    br: br.toString('base64'),
    gzip: gzipSync(content, { level: 9 }).toString('base64'),
  };
}

function buildScript(): Uint8Array {
  const { outputFiles } = buildSync({
    entryPoints: [join(page, 'main.tsx')],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0].contents;
}

function buildStyle(): Uint8Array {
  const { outputFiles } = buildSync({
    stdin: { contents: `${PAGE_STYLE}${readFileSync(join(page, 'style.css'), 'utf8')}`, loader: 'css' },
    minify: true,
    // Do not rewrite light-dark(): every browser that runs the script supports it.
    target: 'esnext',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0].contents;
}

/** The page's script. */
export const script: PageFile = pageFile('console', 'js', 'text/javascript; charset=utf-8', buildScript());

/** The page's style. */
export const style: PageFile = pageFile('console', 'css', 'text/css; charset=utf-8', buildStyle());
