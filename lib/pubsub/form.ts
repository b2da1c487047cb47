import type { Budget } from './budget.ts';
import { requestFromJson } from './json/request.ts';
import { pageMessageToJson, pushedRecordToJson, responseToJson } from './json/response.ts';
import type { PageMessage, PubSubRequest, PubSubResponse, PushedRecord } from './messages.ts';
import { decodeRequest } from './protobuf/request.ts';
import { pageMessage, pushedRecord, response } from './protobuf/response.ts';
import { encodeMessage, joinDelimited, sizeOfMessage } from './protobuf/writer.ts';

/** An encoding of messages. Sizes are in the encoding's own unit; {@link Form.roomIn} says how many of them a body can hold. */
export interface Form {
  readonly mediaType: string;
  /** @throws {GatewayError} BadRequest when the bytes are not a `PubSubReq`; TooLarge when they exceed the budget */
  read(bytes: Buffer, budget?: Budget): PubSubRequest;
  /** A body for Lambda's response: one message, or several, each after its length. */
  write(responses: readonly PubSubResponse[], delimited: boolean): { body: string; isBase64: boolean };
  /** The room in this many bytes of Lambda's response. */
  roomIn(bytes: number): number;
  /** How many bytes of keys and values fit into this much room. */
  bytesIn(room: number): number;
  sizeOf(response: PubSubResponse): number;
  /** The size of one message of a page. */
  sizeOfMessage(message: PageMessage): number;
  /** The size of one record of a push. */
  sizeOfPushed(record: PushedRecord): number;
  /** The most that a record's result takes if the record was acknowledged, or failed with only a code. */
  readonly sizeOfResult: number;
}

/** The most that a message's length and its field's tag take. */
const LENGTH = 7;

/** Protobuf's wire format. Lambda carries it as base64. */
export const protobuf: Form = {
  mediaType: 'application/x-protobuf',
  read: decodeRequest,
  write(responses, delimited) {
    const messages = responses.map((one) => encodeMessage(response(one)));
    const bytes = delimited ? joinDelimited(messages) : Buffer.concat(messages);
    return { body: bytes.toString('base64'), isBase64: true };
  },
  roomIn: (bytes) => Math.floor(bytes / 4) * 3,
  bytesIn: (room) => room,
  sizeOf: (one) => LENGTH + sizeOfMessage(response(one)),
  sizeOfMessage: (message) => LENGTH + sizeOfMessage(pageMessage(message)),
  sizeOfPushed: (record) => LENGTH + sizeOfMessage(pushedRecord(record)),
  sizeOfResult: 40,
};

/** Proto3's JSON. In Lambda's response it is a string inside JSON, where every quote is escaped. */
export const json: Form = {
  mediaType: 'application/json',
  read: requestFromJson,
  write: ([one]) => ({ body: JSON.stringify(responseToJson(one)), isBase64: false }),
  roomIn: (bytes) => bytes,
  bytesIn: (room) => Math.floor(room / 4) * 3,
  sizeOf: (one) => escapedSize(responseToJson(one)),
  sizeOfMessage: (message) => escapedSize(pageMessageToJson(message)),
  sizeOfPushed: (record) => escapedSize(pushedRecordToJson(record)),
  sizeOfResult: 140,
};

const escapedSize = (value: object): number => Buffer.byteLength(JSON.stringify(JSON.stringify(value)));
