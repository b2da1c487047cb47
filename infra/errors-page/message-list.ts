import { type ErrorName, errors } from '../../lib/errors.ts';

/** The parts of a message that the list shows. */
export interface ListedMessage {
  error: ErrorName;
  what: unknown;
  remedy: unknown;
}

/**
 * The messages as Markdown, in the order of the table of errors: status and code, and under them each message with its parameters as
 * `<name>`.
 *
 * @param messages in the order for those with the same error
 */
export function messageList(messages: readonly ListedMessage[]): string {
  const names: ErrorName[] = Object.keys(errors).filter((name): name is ErrorName => name in errors);
  return names
    .map((name) => ({ name, texts: new Set(messages.filter(({ error }) => error === name).map(shown)) }))
    .filter(({ texts }) => texts.size > 0)
    .map(({ name, texts }) => {
      const { status, code, retriable } = errors[name];
      const again = retriable ? '. The same request may succeed later' : '';
      return [`**${status}**, \`${code}\` ${spaced(name)}${again}`, '', ...[...texts].sort().map((text) => `- \`${text}\``), ''].join('\n');
    })
    .join('\n');
}

const spaced = (name: string): string => name.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).toLowerCase();

function shown({ what, remedy }: ListedMessage): string {
  const end = wordingOf(remedy);
  return end === '' ? wordingOf(what) : `${wordingOf(what)}: ${end}`;
}

/** Calls a wording that has parameters with placeholders that carry the parameters' names. */
function wordingOf(wording: unknown): string {
  if (typeof wording !== 'function') return String(wording);
  const [, parameters = ''] = /^\(?([^)=]*)\)?\s*=>/.exec(wording.toString()) ?? [];
  const names = parameters.split(',').map((name) => name.trim().replace(/^_/, ''));
  const text: unknown = Reflect.apply(
    wording,
    undefined,
    names.map((name, i) => new Placeholder(name, (i + 1) * FAR)),
  );
  return String(text).replace(/\d{7,}/g, (digits) => nameNear(Number(digits), names));
}

/** The distance between placeholders' numbers: larger than anything that a wording adds to one. */
const FAR = 1_000_000;

function nameNear(number: number, names: readonly string[]): string {
  const place = Math.round(number / FAR);
  const more = number - place * FAR;
  return `<${names[place - 1]} ${more < 0 ? '-' : '+'} ${Math.abs(more)}>`;
}

/** Stands for a parameter: its name as a string, and a recognizable number in arithmetic. */
class Placeholder extends String {
  readonly #number: number;

  constructor(name: string, number: number) {
    super(`<${name}>`);
    this.#number = number;
  }

  [Symbol.toPrimitive](hint: string): string | number {
    return hint === 'string' ? this.toString() : this.#number;
  }
}
