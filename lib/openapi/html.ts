/** Escapes text for HTML. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** Text between backticks becomes code. */
const inline = (text: string): string => escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');

/** Description text as HTML: empty lines separate paragraphs, lines that begin with `- ` are lists, backticks mark code. */
export function prose(text = ''): string {
  const blocks = text.trim().split(/\n\s*\n/);
  return blocks
    .filter((block) => block !== '')
    .map((block) =>
      block.startsWith('- ')
        ? `<ul>${block
            .slice(2)
            .split('\n- ')
            .map((item) => `<li>${inline(item)}</li>`)
            .join('')}</ul>`
        : `<p>${inline(block)}</p>`,
    )
    .join('');
}

/** A value as readable JSON. */
export const jsonBlock = (value: unknown): string => `<pre>${escapeHtml(typeof value === 'string' ? value : readable(value))}</pre>`;

/** Values that fit stay on one line. */
function readable(value: unknown): string {
  const short = JSON.stringify(value);
  return short.length <= 100 ? short : JSON.stringify(value, null, 2);
}
