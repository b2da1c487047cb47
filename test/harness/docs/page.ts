/** Replaces the table between a part's markers in a page: `<!-- bench:fetch:begin -->` … `<!-- bench:fetch:end -->`. */
export function withTable(page: string, part: string, table: string): string {
  const [begin, end] = [`<!-- bench:${part}:begin -->\n`, `<!-- bench:${part}:end -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The page has no place for the table of ${part}: add ${begin}${end}`);
  return page.slice(0, from + begin.length) + table + page.slice(to);
}
