import { promisify } from 'node:util';
import type { Answer } from './entry.ts';

/** Compresses an answer: the results of records are so alike that they shrink to a tenth. */
export async function pack({ status, mediaType, body }: Answer): Promise<Buffer> {
  const { gzip } = await import('node:zlib');
  return promisify(gzip)(`${JSON.stringify([status, mediaType])}\n${body}`);
}

/** @throws {Error} for anything but a packed answer */
export async function unpack(packed: Uint8Array): Promise<Answer> {
  const { gunzip } = await import('node:zlib');
  const text = (await promisify(gunzip)(packed)).toString();
  const end = text.indexOf('\n');
  const head: unknown = JSON.parse(text.slice(0, end));
  if (!Array.isArray(head)) throw new Error('The packed answer has no head');
  return { status: Number(head[0]), mediaType: String(head[1]), body: text.slice(end + 1) };
}
