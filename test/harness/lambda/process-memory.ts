import { readFile } from 'node:fs/promises';

/** Resident memory of a process in bytes. */
export interface ProcessMemory {
  now: number;
  /** The highest value so far. */
  peak: number;
}

/** Reads the memory of a process on this machine (Linux only). */
export async function memoryOf(pid: number): Promise<ProcessMemory> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const bytes = (field: string) => {
    const kibibytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
    if (kibibytes === undefined) throw new Error(`/proc/${pid}/status has no ${field}`);
    return Number(kibibytes) * 1024;
  };
  return { now: bytes('VmRSS'), peak: bytes('VmHWM') };
}
