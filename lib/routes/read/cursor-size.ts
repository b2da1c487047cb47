/** API Gateway takes requests, and gives answers, whose headers and query have 10 KB at the most; a cursor is in both. */
export const MAX_CURSOR_LENGTH = 7000;
