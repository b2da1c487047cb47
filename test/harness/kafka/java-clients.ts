import { delimiter } from 'node:path';
import { classPath } from '../../../infra/local/jars.ts';
import { jdkCommand, quickJvm, run } from '../../../infra/local/java.ts';
import { javaClasses } from './java-classes.ts';
import type { ReadRecord } from './records.ts';
import { sharedKafka } from './shared-kafka.ts';

/** A record for Java's producer. Without a partition, the producer chooses one by the key; without a timestamp, it sets one. */
export interface JavaRecord {
  key?: Buffer | null;
  value: Buffer | null;
  headers?: { key: string; value: Buffer | null }[];
  partition?: number;
  /** Unix milliseconds. */
  timestamp?: number;
}

/** Where a record was written. */
export interface WrittenRecord {
  partition: number;
  offset: number;
}

/** Options of Java's clients; by default those of Kafka, and the shared broker. */
export interface JavaOptions {
  bootstrapServers?: string;
  isolation?: 'read_committed' | 'read_uncommitted';
  compression?: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';
}

/** Reads a topic from its beginning to its current end with Java's consumer; ordered by partition and offset. */
export async function readWithJava(
  topic: string,
  { bootstrapServers = sharedKafka(), isolation = 'read_uncommitted' }: Pick<JavaOptions, 'bootstrapServers' | 'isolation'> = {},
): Promise<ReadRecord[]> {
  const lines = await runJava('ReadRecords', [bootstrapServers, topic, isolation]);
  return lines.map(toReadRecord).sort((a, b) => a.partition - b.partition || a.offset - b.offset);
}

/** Writes records with Java's producer, in one batch per partition if they fit; returns their places in the same order. */
export function writeWithJava(
  topic: string,
  records: JavaRecord[],
  options: Omit<JavaOptions, 'isolation'> = {},
): Promise<WrittenRecord[]> {
  return write(topic, [{ outcome: null, records }], options);
}

/** Writes transactions, one after the other, with Java's producer; returns the places of all of their records. */
export function writeTransactionsWithJava(
  topic: string,
  transactions: { outcome: 'commit' | 'abort'; records: JavaRecord[] }[],
  options: Omit<JavaOptions, 'isolation'> = {},
): Promise<WrittenRecord[]> {
  return write(topic, transactions, options);
}

/** Changes a user's password for SCRAM-SHA-512; the old one is refused from then on. */
export const setPassword = (user: string, password: string, bootstrapServers: string): Promise<void> =>
  setPasswords({ [user]: password }, bootstrapServers);

/** The same for several users, who may be new. */
export async function setPasswords(passwords: Record<string, string>, bootstrapServers: string): Promise<void> {
  await runJava('SetPassword', [bootstrapServers, ...Object.entries(passwords).flat()]);
}

interface Group {
  outcome: 'commit' | 'abort' | null;
  records: JavaRecord[];
}

async function write(
  topic: string,
  groups: Group[],
  { bootstrapServers = sharedKafka(), compression = 'none' }: Omit<JavaOptions, 'isolation'>,
): Promise<WrittenRecord[]> {
  const input = groups.map(({ outcome, records }) => `${JSON.stringify({ outcome, records: records.map(toJson) })}\n`);
  const lines = await runJava('WriteRecords', [bootstrapServers, topic, compression], input.join(''));
  return lines.map((line): WrittenRecord => JSON.parse(line));
}

const toJson = ({ key, value, headers = [], ...rest }: JavaRecord) => ({
  ...rest,
  key: toBase64(key),
  value: toBase64(value),
  headers: headers.map((header) => ({ key: header.key, value: toBase64(header.value) })),
});

/** An output line of ReadRecords. */
interface ReadLine {
  partition: number;
  offset: number;
  timestamp: number;
  key: string | null;
  value: string | null;
  headers?: { key: string; value: string | null }[];
}

function toReadRecord(line: string): ReadRecord {
  const { key, value, headers = [], ...rest }: ReadLine = JSON.parse(line);
  return {
    ...rest,
    key: fromBase64(key),
    value: fromBase64(value),
    headers: headers.map((header) => ({ key: header.key, value: fromBase64(header.value) })),
  };
}

const toBase64 = (bytes: Buffer | null | undefined) => bytes?.toString('base64') ?? null;
const fromBase64 = (text: string | null) => (text === null ? null : Buffer.from(text, 'base64'));

/** Runs a program in java/, which is compiled if its source has changed, and returns its output lines. */
async function runJava(program: 'ReadRecords' | 'WriteRecords' | 'SetPassword', parameters: string[], input?: string): Promise<string[]> {
  const jars = await classPath();
  const classes = await javaClasses(program);
  const flags = [...quickJvm, '-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-cp', `${classes}${delimiter}${jars}`];
  const { stdout } = await run(jdkCommand('java'), [...flags, program, ...parameters], input);
  return stdout.split('\n').filter((line) => line !== '');
}
