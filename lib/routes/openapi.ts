import { mediaTypes, negotiate } from '../http/media-types.ts';
import type { GatewayRequest } from '../http/request.ts';
import type { GatewayResponse } from '../http/response.ts';
import { descriptionJson, docsHtml, docsStyleHash, writtenAddress } from '../openapi/documents.ts';

/** The page is all there is: whatever else got into it, a browser neither loads nor runs. */
const CONTENT_SECURITY_POLICY = `default-src 'none'; style-src '${docsStyleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** `GET /openapi.json`: the description of the API, with the address that the caller has used. */
export const openapi = (request: GatewayRequest<'GET /openapi.json'>): GatewayResponse => ({
  mediaType: negotiate(request.headers.accept, [mediaTypes.plainJson]),
  body: descriptionJson.replaceAll(writtenAddress, request.baseUrl),
});

/** `GET /docs`: the same as a page. */
export function docs(request: GatewayRequest<'GET /docs'>): GatewayResponse {
  negotiate(request.headers.accept, ['text/html']);
  return {
    mediaType: 'text/html; charset=utf-8',
    headers: {
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    },
    body: docsHtml.replaceAll(writtenAddress, request.baseUrl),
  };
}
