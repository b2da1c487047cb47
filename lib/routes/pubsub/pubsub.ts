import { route } from '../../admission/route.ts';
import { bodyConfig } from '../../config/body.ts';
import { essence } from '../../http/media-types.ts';
import { MAX_ENCODED_BYTES } from '../../http/response.ts';
import { MOST_MESSAGES } from '../../limits-of-request.ts';
import { formNotSupported, idempotencyKeyNotSupported } from '../../messages/pubsub.ts';
import { type Form, json, protobuf } from '../../pubsub/form.ts';
import { splitDelimited } from '../../pubsub/protobuf/reader.ts';
import { answerMessages } from './answer-messages.ts';

const DELIMITED = /;\s*encoding\s*=\s*"?delimited"?\s*(?:;|$)/i;

/**
 * A `PubSubReq` of pubsub.proto in protobuf's wire format (`application/x-protobuf`) or proto3's JSON (`application/json`). It gets a
 * `PubSubResp`, even if it fails. With `application/x-protobuf; encoding=delimited` the body has several, each after its length as a
 * varint; they are executed one after the other. Each is admitted by itself.
 */
export const pubsub = route('POST /pubsub', {
  operation: null,
  offers: ({ mediaType }) => (mediaType === json.mediaType ? [json.mediaType] : [protobuf.mediaType]),
  async read(request) {
    if (request.headers['idempotency-key'] !== undefined) {
      throw idempotencyKeyNotSupported();
    }
    const sent = formOf(request.headers['content-type']);
    const body = await request.body(bodyConfig().maxBytes);
    // Before any command is executed.
    return { ...sent, messages: sent.delimited ? splitDelimited(body, MOST_MESSAGES) : [body] };
  },
  async answer({ request, cluster, content: { form, delimited, mediaType, messages } }) {
    const responses = await answerMessages(messages, { subject: request, cluster, form, maxBodyBytes: MAX_ENCODED_BYTES });
    return { mediaType, ...form.write(responses, delimited) };
  },
});

function formOf(contentType = ''): { form: Form; delimited: boolean; mediaType: string } {
  const type = essence(contentType);
  if (type === json.mediaType) return { form: json, delimited: false, mediaType: type };
  if (type !== protobuf.mediaType) {
    throw formNotSupported(protobuf.mediaType, json.mediaType);
  }
  const delimited = DELIMITED.test(contentType);
  return { form: protobuf, delimited, mediaType: delimited ? `${type}; encoding=delimited` : type };
}
