/** API Gateway accepts 10,240 bytes of request line and headers together, and a token may be long. */
const MOST_CHARACTERS = 4000;

/** Joins names with commas, in lists that are short enough for a request's path. */
export function inRequests(names: readonly string[]): string[][] {
  const lists: string[][] = [];
  let length = MOST_CHARACTERS;
  for (const name of names) {
    length += name.length + 1;
    if (length > MOST_CHARACTERS) {
      lists.push([]);
      length = name.length;
    }
    lists[lists.length - 1].push(name);
  }
  return lists;
}
