/** HTML that is already escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | readonly Part[];

/** Escapes all parts except Html. */
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

/** Text for a script element, where nothing is escaped. Replaces whatever would end the element. */
export const scriptText = (text: string): Html => new Html(text.replace(/<(?=\/script|!--)/gi, '\\x3c'));

/** JSON for a script element, still valid JSON. */
export const jsonText = (value: unknown): Html => new Html(JSON.stringify(value).replaceAll('<', '\\u003c'));
