/** Control characters, and those that turn, join or hide what stands beside them. Line breaks and tabs stay. */
const HIDDEN = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text of which each character can be seen: a control character stands as its escape. */
export const visible = (text: string): string =>
  text.replace(HIDDEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);

/** The beginning of a long text. */
export const shortened = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length)}…` : text);
