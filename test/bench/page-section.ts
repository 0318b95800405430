/** A section of docs/benchmarks.md that is kept until its benchmark is measured again. */
export class PageSection {
  private readonly pattern: RegExp;
  private readonly name: string;

  constructor(name: string) {
    this.name = name;
    this.pattern = new RegExp(`<!-- ${name} -->\\n[\\s\\S]*?<!-- ${name} end -->\\n`);
  }

  around(text: string): string {
    return `<!-- ${this.name} -->\n${text}<!-- ${this.name} end -->\n`;
  }

  of(page: string): string | undefined {
    return this.pattern.exec(page)?.[0];
  }

  without(page: string): string {
    return page.replace(this.pattern, '');
  }
}
