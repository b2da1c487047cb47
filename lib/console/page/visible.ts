/** Control characters, and those that reverse, join or hide their neighbours; not line breaks and tabs. */
const HIDDEN = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text with control characters shown as escapes. */
export const visible = (text: string): string =>
  text.replace(HIDDEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);

/** The beginning of a long text. */
export const shortened = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length)}…` : text);
