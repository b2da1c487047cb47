/** Larger than any answer that we ask for. A size beyond it is text of another protocol: TLS, HTTP. */
const MOST_BYTES = 256 * 1024 * 1024;
/** Thrown for bytes that are no answer of Kafka's. */
export class ForeignAnswer extends Error {
  override readonly name = 'ForeignAnswer';
}

const SIZE_BYTES = 4;
const NOTHING = Buffer.alloc(0);

/**
 * Cuts what a broker sends into answers: each is its size in 4 bytes, then so many bytes, of which the first 4 are the correlation id of
 * the request. An answer of several chunks is put together once, in a buffer of its size.
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

  /** @throws {ForeignAnswer} where what was sent is no answer of Kafka's: nothing that follows can be read */
  take(chunk: Buffer): void {
    let at = 0;
    let bytes = chunk;
    if (this.#answer !== null) {
      at = this.#fill(this.#answer, bytes, 0);
    } else if (this.#rest.length > 0) {
      bytes = Buffer.concat([this.#rest, bytes]);
      this.#rest = NOTHING;
    }
    while (bytes.length - at >= SIZE_BYTES) {
      const size = bytes.readInt32BE(at);
      if (size < SIZE_BYTES || size > MOST_BYTES) throw new ForeignAnswer(`the broker sent no answer of Kafka's: one of ${size} bytes`);
      at += SIZE_BYTES;
      if (bytes.length - at >= size) {
        this.#pass(bytes.subarray(at, at + size));
        at += size;
      } else {
        this.#answer = Buffer.allocUnsafeSlow(size);
        this.#filled = 0;
        at = this.#fill(this.#answer, bytes, at);
      }
    }
    if (at < bytes.length) this.#rest = bytes.subarray(at);
  }

  /** Fills the answer from `at` on; returns where its bytes end. */
  #fill(answer: Buffer, bytes: Buffer, at: number): number {
    const copied = bytes.copy(answer, this.#filled, at);
    this.#filled += copied;
    if (this.#filled === answer.length) {
      this.#answer = null;
      this.#pass(answer);
    }
    return at + copied;
  }

  #pass(answer: Buffer): void {
    this.#onAnswer(answer.readInt32BE(0), answer.subarray(4));
  }
}
