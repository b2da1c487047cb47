import { output } from '../../../lib/telemetry/output.ts';
import { keepOutput } from './kept.ts';

const LOG_LINE = /^\{"timestamp":"[^"]+","level":"([A-Z]+)"/;

// Keeps everything that this process writes, except the binary frames on stdout by which Node's test runner reports results to its parent.
// Of the gateway's log, shows only errors.
for (const stream of [process.stdout, process.stderr]) {
  const write = stream.write.bind(stream);
  stream.write = (chunk: string | Uint8Array, ...others: never[]) => {
    if (typeof chunk !== 'string' && stream === process.stdout) return write(chunk, ...others);
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    keepOutput(text);
    return !isShown(text) || write(chunk, ...others);
  };
}

const { write } = output;
output.write = (line) => {
  keepOutput(line);
  if (isShown(line)) write(line);
};

function isShown(text: string): boolean {
  const [, level = 'ERROR'] = LOG_LINE.exec(text) ?? [];
  return level === 'ERROR';
}
