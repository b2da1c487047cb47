import { JsonWriter } from '../../../lib/json/json-writer.ts';
import { ByteSink } from '../../../lib/schemas/byte-sink.ts';
import type { Codec } from '../../../lib/schemas/codec.ts';
import { TextBudget } from '../../../lib/schemas/text-budget.ts';
import { bytesOf } from '../records/bytes-of.ts';

/** The bytes of a JSON text, which stands among others as in a request. */
export function encode(codec: Codec, json: string): Buffer {
  const text = Buffer.from(json);
  const bytes = Buffer.concat([Buffer.from('['), text, Buffer.from(']')]);
  const out = new ByteSink();
  out.byte(7);
  out.finish();
  out.begin();
  codec.encode({ bytes, start: 1, end: 1 + text.length }, out);
  return Buffer.from(bytesOf(out.finish()) ?? []);
}

/** The JSON text of bytes, which stand among others as in a batch. */
export function decode(codec: Codec, payload: Buffer): string {
  const bytes = Buffer.concat([Buffer.from('x'), payload, Buffer.from('x')]);
  const out = new JsonWriter(Buffer.alloc(1));
  codec.decode({ bytes, start: 1, end: 1 + payload.length }, out, new TextBudget());
  return out.toString();
}
