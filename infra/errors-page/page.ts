const BEGIN = '<!-- errors:begin -->\n';
const END = '<!-- errors:end -->';

/** Replaces the list between the markers of the errors page. */
export function withList(page: string, list: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error('The page has no list of errors');
  return `${page.slice(0, begin + BEGIN.length)}\n${list}${page.slice(end)}`;
}
