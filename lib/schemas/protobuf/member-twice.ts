import { memberStep } from '../misfit.ts';

interface Container {
  /** Names of an object so far; null of an array. */
  names: Set<string> | null;
  /** The way to it. */
  path: string;
  /** The name or the number of the part that is read. */
  step: string;
  items: number;
}

/**
 * The way to a member that an object has twice, of which a parser keeps the last; null when there is none.
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

/** @returns the position behind the closing quote */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}

const nameIn = (quoted: string): string => (quoted.includes('\\') ? JSON.parse(quoted) : quoted.slice(1, -1));
