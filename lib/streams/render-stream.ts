import { MAX_ENCODED_BYTES } from '../http/response.ts';
import { type PageLayout, type RecordRun, renderPage } from '../records/responses/render-page.ts';

/** Renders all records of runs. A record that is too large for any response appears with its metadata only, as in pages. */
export function renderStream(runs: readonly RecordRun[], layout: PageLayout): Buffer {
  const pieces: Buffer[] = [];
  let left = runs.filter(({ records }) => records.length > 0);
  while (left.length > 0) {
    const { out, count } = renderPage(left, layout, MAX_ENCODED_BYTES);
    pieces.push(Buffer.from(out.bytes.subarray(0, out.at)));
    left = without(left, count);
  }
  return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
}

function without(runs: readonly RecordRun[], count: number): RecordRun[] {
  let passed = count;
  return runs.flatMap(({ topic, partition, records }) => {
    const rest = records.slice(passed);
    passed = Math.max(0, passed - records.length);
    return rest.length === 0 ? [] : [{ topic, partition, records: rest }];
  });
}
