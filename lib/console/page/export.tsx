import { asCsv, asNdjson } from './exports.ts';
import type { ShownRecord } from './records.ts';

/** Saves the records on screen. */
export const Export = ({ topic, records }: { topic: string; records: () => readonly ShownRecord[] }) => (
  <>
    <button type="button" onClick={() => save(`${topic}.ndjson`, 'application/x-ndjson', asNdjson(records()))}>
      Save NDJSON
    </button>
    <button type="button" onClick={() => save(`${topic}.csv`, 'text/csv', asCsv(records()))}>
      Save CSV
    </button>
  </>
);

/** Makes the browser save a text as a file. */
function save(name: string, mediaType: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
