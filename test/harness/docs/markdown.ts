import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's directory. */
export const repository = fileURLToPath(new URL('../../../', import.meta.url));

/** A fenced block of a page. */
export interface Block {
  /** The word after the fence, such as `sh`. */
  language: string;
  text: string;
  /** The line of the fence, from 1. */
  line: number;
}

/** The pages of the documentation, by their paths in the repository. */
export function pages(): string[] {
  const inDocs = readdirSync(join(repository, 'docs'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => relative(repository, join(entry.parentPath, entry.name)));
  return ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...inDocs.sort()];
}

/** The text of a page. */
export const readPage = (path: string): string => readFileSync(join(repository, path), 'utf8');

/** The fenced blocks of a page, in order; without indented blocks, as in lists. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | null = null;
  for (const [i, line] of page.split('\n').entries()) {
    if (open === null) {
      if (line.startsWith('```')) open = { language: line.slice(3).trim(), text: '', line: i + 1 };
    } else if (line === '```') {
      blocks.push(open);
      open = null;
    } else {
      open.text += `${line}\n`;
    }
  }
  return blocks;
}

/** A page without its fenced blocks, with the same line numbers. */
export function proseOf(page: string): string {
  let fenced = false;
  return page
    .split('\n')
    .map((line) => {
      const fence = line.trimStart().startsWith('```');
      if (fence) fenced = !fenced;
      return fenced || fence ? '' : line;
    })
    .join('\n');
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(page: string): string[] {
  return [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
