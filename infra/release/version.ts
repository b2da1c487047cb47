const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/;

/**
 * Checks that a version may follow another.
 *
 * @param released whether `current` was released: the next one must then be newer
 * @throws {Error} that says what is wrong
 */
export function checkNextVersion(next: string, current: string, released: boolean): void {
  const numbers = VERSION.exec(next)?.slice(1).map(Number);
  if (numbers === undefined) throw new Error(`"${next}" is not a version: use three numbers, such as 0.2.0`);
  const before = current.split('.').map(Number);
  const place = numbers.findIndex((number, i) => number !== before[i]);
  const isNewer = place >= 0 && numbers[place] > before[place];
  const isSame = place < 0;
  if (!isNewer && !(isSame && !released)) throw new Error(`${next} does not come after ${current}: choose a newer version`);
}

/** Sets the package's own version in the text of package.json or package-lock.json; changes nothing else. */
export function withVersion(json: string, current: string, next: string): string {
  const parsed: unknown = JSON.parse(json);
  const isLock = typeof parsed === 'object' && parsed !== null && 'lockfileVersion' in parsed;
  // A lock file has it twice, in its first lines: for the file, and for the package.
  let left = isLock ? 2 : 1;
  return json.replaceAll(`"version": "${current}"`, (text) => (left-- > 0 ? `"version": "${next}"` : text));
}
