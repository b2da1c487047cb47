import type { StreamEncoder } from './encoder.ts';
import type { TailPage } from './tail.ts';

const encoded = new WeakMap<TailPage, Map<string, Buffer>>();

/**
 * An encoder for readers who share their pages: it encodes each page once for all of them.
 *
 * @param form identifies everything but the page that decides the encoder's output
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
