/** Larger than any answer that we ask for. A size beyond it is text of another protocol: TLS, HTTP. */
const MOST_BYTES = 256 * 1024 * 1024;
/** Thrown for bytes that are no answer of Kafka's. */
export class ForeignAnswer extends Error {
  override readonly name = 'ForeignAnswer';
}

const SIZE_BYTES = 4;
const NOTHING = Buffer.alloc(0);
/** As much as one read takes of a socket. All connections share it: what it holds is copied before anything else is read. */
const CHUNK = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * Cuts what a broker sends into answers: each is its size in 4 bytes, then so many bytes, of which the first 4 are the correlation id of
 * the request. Every answer has a buffer of its own, of its size; the rest of one that has begun is read into that.
 *
 * @see https://kafka.apache.org/protocol.html#protocol_common
 */
export class AnswerReader {
  readonly #onAnswer: (correlationId: number, payload: Buffer) => void;
  /** The beginning of a size, where a chunk ended within it. */
  #rest: Buffer = NOTHING;
  /** An answer that has begun, and how many of its bytes are there. */
  #answer: Buffer | null = null;
  #filled = 0;

  constructor(onAnswer: (correlationId: number, payload: Buffer) => void) {
    this.#onAnswer = onAnswer;
  }

  /** Where the next bytes of the socket are best put, before they are taken. */
  get room(): Buffer {
    return this.#answer?.subarray(this.#filled) ?? CHUNK;
  }

  /**
   * @param chunk which may be overwritten afterwards: the beginning of the `room`, or any other bytes
   * @throws {ForeignAnswer} where what was sent is no answer of Kafka's: nothing that follows can be read
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
      // Small ones may lie beside others, in a buffer that Node keeps for them.
      const answer = bytes.length - at >= size ? Buffer.allocUnsafe(size) : Buffer.allocUnsafeSlow(size);
      const copied = bytes.copy(answer, 0, at);
      this.#answer = answer;
      this.#filled = 0;
      this.#fill(answer, copied);
      at += copied;
    }
    if (at < bytes.length) this.#rest = Buffer.from(bytes.subarray(at));
  }

  /** Takes notice that so many bytes more of an answer are there. */
  #fill(answer: Buffer, length: number): void {
    this.#filled += length;
    if (this.#filled < answer.length) return;
    this.#answer = null;
    this.#onAnswer(answer.readInt32BE(0), answer.subarray(4));
  }
}
