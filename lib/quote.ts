const LONGEST = 80;

/**
 * A client's text for an error message: in double quotes, cut to 80 characters, with `?` for everything but printable ASCII, so that
 * nothing a client sends can break a line, reorder the text or fill the log.
 */
export function quote(text: string): string {
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
  return `"${shown.replace(/[^ -~]|["\\]/g, '?')}"`;
}

/** A text of somebody else for a message: at most 500 characters, with `?` for everything but printable ASCII. */
export const printable = (text: string): string => text.slice(0, 500).replace(/[^ -~]/g, '?');
