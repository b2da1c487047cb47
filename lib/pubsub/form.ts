import type { Budget } from './budget.ts';
import { requestFromJson } from './json/request.ts';
import { pageMessageToJson, pushedRecordToJson, responseToJson } from './json/response.ts';
import type { PageMessage, PubSubRequest, PubSubResponse, PushedRecord } from './messages.ts';
import { decodeRequest } from './protobuf/request.ts';
import { pageMessage, pushedRecord, response } from './protobuf/response.ts';
import { encodeMessage, joinDelimited, sizeOfMessage } from './protobuf/writer.ts';

/** How messages are written. Sizes are in a unit of the form's own, of which a body has so much {@link Form.roomIn room}. */
export interface Form {
  readonly mediaType: string;
  /** @throws {GatewayError} BadRequest when the bytes are no `PubSubReq`; TooLarge when the budget does not suffice */
  read(bytes: Buffer, budget?: Budget): PubSubRequest;
  /** A body as Lambda hands it over: the one response, or several with their lengths in front. */
  write(responses: readonly PubSubResponse[], delimited: boolean): { body: string; isBase64: boolean };
  /** How much fits into so many bytes of Lambda's answer. */
  roomIn(bytes: number): number;
  /** How many bytes of keys and values fit into so much room. */
  bytesIn(room: number): number;
  sizeOf(response: PubSubResponse): number;
  /** Of one message of a page. */
  sizeOfMessage(message: PageMessage): number;
  /** Of one record of a push. */
  sizeOfPushed(record: PushedRecord): number;
  /** What the result of a record takes at most that was acknowledged, or failed with nothing but a code. */
  readonly sizeOfResult: number;
}

/** What a length takes in front of a message, with its field's tag. */
const LENGTH = 7;

/** Protobuf's wire format, in base64, as Lambda hands bytes over. */
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

/** Proto3's JSON. As a part of Lambda's answer it is a string within JSON, in which every quote has a backslash. */
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
