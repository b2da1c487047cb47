/**
 * How the C library gives out memory in the functions (`mallopt(3)`), which have little of it. By itself it keeps what a large buffer had
 * for the next one, in an arena for each of Node's threads: ten answers of 6 MB left a sixth of the memory of a function to nobody.
 */
export const allocator = {
  /** One for the main thread, where requests are handled, and one for all others. */
  MALLOC_ARENA_MAX: '2',
  /** Bytes from which on a buffer goes back to the system when it is freed: larger than those of ordinary requests, which take less time so. */
  MALLOC_MMAP_THRESHOLD_: String(2 * 1024 * 1024),
  /** Bytes that are kept for ordinary requests. The C library keeps twice the threshold, too, where it adapts both by itself. */
  MALLOC_TRIM_THRESHOLD_: String(4 * 1024 * 1024),
};
