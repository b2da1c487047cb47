/**
 * What one request may bring, however few bytes say it. Each of these becomes an object, an error or a question to Kafka, and a kilobyte
 * of gzip says a million of them: who reads a request stops at the first that is too many, with 413.
 */

/** Records, in any form: a few more than any answer has room to tell of. A form whose answers are longer takes fewer. */
export const MOST_RECORDS = 50_000;

/** Headers of all its records. */
export const MOST_HEADERS = 100_000;

/** Bytes of JSON that is parsed whole, as schemas and what they refer to. */
export const MOST_PARSED_BYTES = 2 * 1024 * 1024;

/** Topics that it names: Kafka is asked for each that is not known. */
export const MOST_TOPICS = 1000;

/** Messages with their lengths in front. Each gets a response, and so do those that nothing can be done about. */
export const MOST_MESSAGES = 1000;

/** Entries of a batch of version 3: as many as Confluent's REST Proxy takes unless it is told otherwise, and answered in its words. */
export const MOST_ENTRIES = 10;
