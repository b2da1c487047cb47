import type { StreamEncoder } from './encoder.ts';
import type { TailPage } from './tail.ts';

const encoded = new WeakMap<TailPage, Map<string, Buffer>>();

/**
 * An encoder for readers who share their pages: what one of them is sent of a page, the others are sent as well.
 *
 * @param form names all that the encoder makes of a page besides the page itself
 */
export const encodedOnce = (encoder: StreamEncoder, form: string): StreamEncoder => ({
  ...encoder,
  page(page, cursor) {
    const forms = encoded.get(page) ?? new Map<string, Buffer>();
    encoded.set(page, forms);
    const bytes = forms.get(form) ?? encoder.page(page, cursor);
    forms.set(form, bytes);
    return bytes;
  },
});
