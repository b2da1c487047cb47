import { JsonScanner } from './json-scanner.ts';

/** One error for all refusals: a page may have thousands of records that are not JSON, and the stack of an error is expensive. */
const notJson = new Error('not JSON');

class JsonProbe extends JsonScanner {
  protected override refuse(): never {
    throw notJson;
  }
}

/** True when the bytes are one JSON text, with or without whitespace around it. Does not check that they are UTF-8. */
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
