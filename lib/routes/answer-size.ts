/** Lambda's answer holds 6 MiB, in which our text is a JSON string; the rest of the answer has its share. */
export const MAX_ENCODED_BYTES = 6 * 1024 * 1024 - 16 * 1024;

/** API Gateway takes requests, and gives answers, whose headers and query have 10 KB at the most; a cursor is in both. */
export const MAX_CURSOR_LENGTH = 7000;
