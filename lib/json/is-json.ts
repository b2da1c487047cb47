import { JsonScanner } from './json-scanner.ts';

/** One value for all refusals: a page may hold thousands of records that are not JSON, and an error with its stack is dear. */
const notJson = new Error('not JSON');

class JsonProbe extends JsonScanner {
  protected override refuse(): never {
    throw notJson;
  }
}

/** True when the bytes are one JSON text, with whitespace around it or not. Whether they are UTF-8 is not asked. */
export function isJson(bytes: Buffer, start: number, end: number): boolean {
  const json = new JsonProbe(bytes, start, end);
  try {
    json.value();
    json.finish();
    return true;
  } catch (error) {
    if (error === notJson) return false;
    throw error;
  }
}
