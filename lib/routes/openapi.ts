import { routeWithoutKafka } from '../admission/route-without-kafka.ts';
import { mediaTypes } from '../http/media-types.ts';
import { descriptionJson, docsHtml, docsStyleHash, writtenAddress } from '../openapi/documents.ts';

/** A browser loads and runs nothing but the page itself, even if something else gets into it. */
const CONTENT_SECURITY_POLICY = `default-src 'none'; style-src '${docsStyleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** The description of the API, with the base URL that the caller has used. */
export const openapi = routeWithoutKafka('GET /openapi.json', { offers: [mediaTypes.plainJson], answer: description });

/** The same at the path of Strimzi's bridge. */
export const openapiV3 = routeWithoutKafka('GET /openapi/v3', { offers: [mediaTypes.plainJson], answer: description });

function description({ baseUrl }: { baseUrl: string }): { body: string } {
  return { body: descriptionJson.replaceAll(writtenAddress, baseUrl) };
}

/** The same as an HTML page. */
export const docs = routeWithoutKafka('GET /docs', {
  offers: ['text/html'],
  answer: ({ baseUrl }) => ({
    mediaType: 'text/html; charset=utf-8',
    headers: {
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    },
    body: docsHtml.replaceAll(writtenAddress, baseUrl),
  }),
});
