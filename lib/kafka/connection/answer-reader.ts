/** Larger than any answer that we ask for. A larger size is text of another protocol, such as TLS or HTTP. */
const MOST_BYTES = 256 * 1024 * 1024;
/** Thrown for bytes that are not an answer of Kafka. */
class ForeignAnswer extends Error {
  override readonly name = 'ForeignAnswer';
}

const SIZE_BYTES = 4;
const NOTHING = Buffer.alloc(0);
/** The most that one read takes from a socket. All connections share it: its content is copied before anything else is read. */
const CHUNK = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * Splits what a broker sends into answers: each is its size in 4 bytes, then that many bytes, of which the first 4 are the correlation
 * id of the request. Every answer gets a buffer of its own, of its exact size; the socket reads the rest of a partial answer into that.
 *
 * @see https://kafka.apache.org/protocol.html#protocol_common
 */
export class AnswerReader {
  readonly #onAnswer: (correlationId: number, payload: Buffer) => void;
  /** The beginning of a size field that the end of a chunk cut off. */
  #rest: Buffer = NOTHING;
  /** A partial answer, and how many of its bytes have arrived. */
  #answer: Buffer | null = null;
  #filled = 0;

  constructor(onAnswer: (correlationId: number, payload: Buffer) => void) {
    this.#onAnswer = onAnswer;
  }

  /** Where the socket should put the next bytes, before it calls `take`. */
  get room(): Buffer {
    return this.#answer?.subarray(this.#filled) ?? CHUNK;
  }

  /**
   * @param chunk the beginning of the `room`, or any other bytes; may be overwritten afterwards
   * @throws {ForeignAnswer} when the broker sent something other than an answer: nothing that follows can be read
   */
  take(chunk: Buffer): void {
    let at = 0;
    let bytes = chunk;
    if (this.#answer !== null) {
      const isThere = bytes.buffer === this.#answer.buffer;
      at = isThere ? bytes.length : bytes.copy(this.#answer, this.#filled);
      this.#fill(this.#answer, at);
    } else if (this.#rest.length > 0) {
      bytes = Buffer.concat([this.#rest, bytes]);
      this.#rest = NOTHING;
    }
    while (bytes.length - at >= SIZE_BYTES) {
      const size = bytes.readInt32BE(at);
      if (size < SIZE_BYTES || size > MOST_BYTES) throw new ForeignAnswer(`the broker sent no answer of Kafka's: one of ${size} bytes`);
      at += SIZE_BYTES;
      // A small complete answer may share a buffer of Node's pool.
      const answer = bytes.length - at >= size ? Buffer.allocUnsafe(size) : Buffer.allocUnsafeSlow(size);
      const copied = bytes.copy(answer, 0, at);
      this.#answer = answer;
      this.#filled = 0;
      this.#fill(answer, copied);
      at += copied;
    }
    if (at < bytes.length) this.#rest = Buffer.from(bytes.subarray(at));
  }

  /** Counts bytes of an answer that have arrived. */
  #fill(answer: Buffer, length: number): void {
    this.#filled += length;
    if (this.#filled < answer.length) return;
    this.#answer = null;
    this.#onAnswer(answer.readInt32BE(0), answer.subarray(4));
  }
}
