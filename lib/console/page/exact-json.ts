/** JSON as text: it keeps digits, order and duplicates of members, which `JSON.parse` loses. */

const isSpace = (character: string | undefined): boolean =>
  character === ' ' || character === '\n' || character === '\r' || character === '\t';

function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text[at])) at++;
  return at;
}

function endOfString(text: string, from: number): number {
  for (let at = from + 1; ; ) {
    const quote = text.indexOf('"', at);
    if (quote === -1) throw new SyntaxError('A string in the JSON does not end');
    let before = quote - 1;
    while (text[before] === '\\') before--;
    if ((quote - before) % 2 === 1) return quote + 1;
    at = quote + 1;
  }
}

/** Where the value that begins at `from` ends. */
function endOfValue(text: string, from: number): number {
  if (text[from] === '"') return endOfString(text, from);
  if (text[from] !== '{' && text[from] !== '[') {
    let at = from;
    while (at < text.length && !/[\s,\]}:]/.test(text[at])) at++;
    return at;
  }
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at) - 1;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') {
      depth--;
      if (depth === 0) return at + 1;
    }
  }
  throw new SyntaxError('The JSON does not end');
}

/** The values of an array, each as JSON text. */
export function elementsOf(json: string): string[] {
  const elements: string[] = [];
  let at = skipSpace(json, skipSpace(json, 0) + 1);
  while (at < json.length && json[at] !== ']') {
    const end = endOfValue(json, at);
    elements.push(json.slice(at, end));
    at = skipSpace(json, end);
    if (json[at] === ',') at = skipSpace(json, at + 1);
  }
  return elements;
}

/** The members of an object by name, each value as JSON text; of members with the same name, the last. */
export function membersOf(json: string): Map<string, string> {
  const members = new Map<string, string>();
  let at = skipSpace(json, skipSpace(json, 0) + 1);
  while (at < json.length && json[at] !== '}') {
    const endOfName = endOfString(json, at);
    const name: unknown = JSON.parse(json.slice(at, endOfName));
    at = skipSpace(json, skipSpace(json, endOfName) + 1);
    const end = endOfValue(json, at);
    members.set(String(name), json.slice(at, end));
    at = skipSpace(json, end);
    if (json[at] === ',') at = skipSpace(json, at + 1);
  }
  return members;
}

/** Whoever nests deeper is not meant to be read: with an indent for each level, 40 kB of brackets became a gigabyte. */
const DEEPEST_INDENT = 40;

/** A value, indented on several lines, with its tokens unchanged. */
export function pretty(json: string): string {
  const parts: string[] = [];
  let depth = 0;
  const newLine = () => parts.push(`\n${'  '.repeat(Math.min(depth, DEEPEST_INDENT))}`);
  for (let at = skipSpace(json, 0); at < json.length; at = skipSpace(json, at)) {
    const character = json[at];
    if (character === '{' || character === '[') {
      const inside = skipSpace(json, at + 1);
      parts.push(character);
      at = inside;
      if (json[inside] === '}' || json[inside] === ']') {
        parts.push(json[inside]);
        at = inside + 1;
        continue;
      }
      depth++;
      newLine();
    } else if (character === '}' || character === ']') {
      depth--;
      newLine();
      parts.push(character);
      at++;
    } else if (character === ',') {
      parts.push(character);
      newLine();
      at++;
    } else if (character === ':') {
      parts.push(': ');
      at++;
    } else {
      const end = endOfValue(json, at);
      parts.push(json.slice(at, end));
      at = end;
    }
  }
  return parts.join('');
}

/** The content of a JSON string; any other value unchanged. */
export function textOf(json: string): string {
  if (!json.startsWith('"')) return json;
  const text: unknown = JSON.parse(json);
  return String(text);
}
