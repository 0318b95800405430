/** HTML that needs no escaping any more. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | readonly Part[];

/** Escapes whatever is put in, other HTML excepted. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(String.raw({ raw: strings }, ...parts.map(textOf)));
}

function textOf(part: Part): string {
  if (part instanceof Html) return part.text;
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return part.map(textOf).join('');
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character] as string);

/** Inside of a script element nothing is escaped, but nothing may end it either. */
export const scriptText = (text: string): Html => new Html(text.replace(/<(?=\/script|!--)/gi, '\\x3c'));

/** JSON that a script element can hold, and that is still JSON. */
export const jsonText = (value: unknown): Html => new Html(JSON.stringify(value).replaceAll('<', '\\u003c'));
