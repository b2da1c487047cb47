/**
 * What one request may contain, however few bytes express it. Each of these becomes an object, an error or a request to Kafka, and a
 * kilobyte of gzip can express a million of them: reading stops at the first one too many, with 413.
 */

/** Records, in any form: a few more than any answer has room for. A form with longer answers allows fewer. */
export const MOST_RECORDS = 50_000;

/** Headers of all its records. */
export const MOST_HEADERS = 100_000;

/** Bytes of JSON that is parsed as a whole, such as schemas and their references. */
export const MOST_PARSED_BYTES = 2 * 1024 * 1024;

/** Topics that it names: Kafka is asked for each unknown one. */
export const MOST_TOPICS = 1000;

/** Length-prefixed messages. Each gets a response, even if it cannot be processed. */
export const MOST_MESSAGES = 1000;

/** Entries of a batch of version 3: as many as Confluent's REST Proxy accepts by default; more are refused in its words. */
export const MOST_ENTRIES = 10;
