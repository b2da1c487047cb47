import { skip } from './compact.ts';
import type { Reader, Writer } from './wire.ts';

export const UUID_BYTES = 16;

/** @returns 32 hexadecimal digits */
export function readUuid(reader: Reader): string {
  const start = skip(reader, UUID_BYTES);
  return reader.bytes.toString('hex', start, reader.at);
}

export const writeUuid = <To extends Writer>(writer: To, id: string): To => writer.bytes(Buffer.from(id, 'hex'));
