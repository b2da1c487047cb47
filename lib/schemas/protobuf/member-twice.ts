import { memberStep } from '../misfit.ts';

interface Container {
  /** The names in an object so far; null for an array. */
  names: Set<string> | null;
  /** The path to it. */
  path: string;
  /** The name or the index of the current part. */
  step: string;
  items: number;
}

/**
 * The path to a duplicate member of an object, of which a parser would keep only the last; null when there is none.
 *
 * @param json a JSON text
 */
export function memberTwice(json: string): string | null {
  const open: Container[] = [];
  let isName = false;
  for (let at = 0; at < json.length; at++) {
    const inner = open.at(-1);
    switch (json[at]) {
      case '{':
      case '[':
        isName = json[at] === '{';
        open.push({ names: isName ? new Set() : null, path: inner === undefined ? '' : inner.path + inner.step, step: '[0]', items: 0 });
        break;
      case '}':
      case ']':
        open.pop();
        isName = false;
        break;
      case ',':
        isName = inner?.names !== null;
        if (inner !== undefined && !isName) inner.step = `[${++inner.items}]`;
        break;
      case '"': {
        const end = endOfString(json, at);
        if (isName && inner?.names) {
          const name = nameIn(json.slice(at, end));
          inner.step = memberStep(name);
          if (inner.names.has(name)) return inner.path + inner.step;
          inner.names.add(name);
          isName = false;
        }
        at = end - 1;
      }
    }
  }
  return null;
}

/** @returns the position after the closing quote */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}

const nameIn = (quoted: string): string => (quoted.includes('\\') ? JSON.parse(quoted) : quoted.slice(1, -1));
