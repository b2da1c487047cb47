/** API Gateway takes 10,240 bytes of a request's line and headers together; a token may be long. */
const MOST_CHARACTERS = 4000;

/** Names, in lists that are short enough for the path of a request, separated by commas. */
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
