/**
 * Settings of the C library's allocator (`mallopt(3)`) in the functions, which have little memory. By default, it keeps the memory of a
 * freed large buffer for the next one, in an arena for each of Node's threads: after ten responses of 6 MB, a sixth of a function's memory
 * was lost.
 */
export const allocator = {
  /** One arena for the main thread, which handles requests, and one for all others. */
  MALLOC_ARENA_MAX: '2',
  /** Buffers from this size on, in bytes, return to the system when freed. Those of ordinary requests are smaller and stay fast. */
  MALLOC_MMAP_THRESHOLD_: String(2 * 1024 * 1024),
  /** Bytes to keep for ordinary requests. The C library's own default, if it adapts both values, is also twice the threshold. */
  MALLOC_TRIM_THRESHOLD_: String(4 * 1024 * 1024),
};
