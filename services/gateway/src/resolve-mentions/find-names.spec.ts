import { UserName } from '@activity-feed/contracts';
import fc from 'fast-check';
import { blankCode } from './blank-code';
import { findNames, SEARCHED_MAX } from './find-names';

const [COMBINING_ACUTE, JOINER, KEYCAP, KELVIN, CYRILLIC_O] = ['\u0301', '\u200D', '1\uFE0F\u20E3', '\u212A', '\u043E'];
const HEART = '\u2764\uFE0F';

const names = (text: string) => findNames(text).map(({ name }) => name);

describe('a name in a text', () => {
  it.each<[string, string, string[]]>([
    ['the whole text', '@nico', ['nico']],
    ['at start and end', '@nico met @eric', ['nico', 'eric']],
    ['in upper case', '@NiCo', ['nico']],
    ['several times', '@nico @nico', ['nico', 'nico']],
    ['on lines of their own', 'a\n@nico\r\n@eric\tb', ['nico', 'eric']],
    ['with all of the grammar', '@a.b-c_d.0', ['a.b-c_d.0']],
    ['a prefix of a longer one', '@lee_dohm', ['lee_dohm']],
    ['with a leading dot or hyphen', '@.nico @-eric', ['.nico', '-eric']],
    ['of 50 characters', `@${'a'.repeat(50)}`, ['a'.repeat(50)]],
    ['of 50 characters at the end of a sentence', `@${'a'.repeat(50)}...`, ['a'.repeat(50)]],
    ['of 51 characters', `@${'a'.repeat(51)}`, []],
    ['no name', '@ @. @- @! @', []],

    ['in brackets', '(@nico) [@eric] <@ivan>', ['nico', 'eric', 'ivan']],
    ['in quotes', `"@nico" '@eric'`, ['nico', 'eric']],
    ['emphasised', '*@nico* **@eric**', ['nico', 'eric']],
    ['between underscores, which belong to names', '_@nico_', []],
    ['with an ending', "@nico's @eric\u2019s", ['nico', 'eric']],
    ['before a dot', '@nico.', ['nico']],
    ['before dots and hyphens', '@nico... @eric-- @ivan.-', ['nico', 'eric', 'ivan']],
    ['before other punctuation', '@nico, @eric: @ivan! @olga/x', ['nico', 'eric', 'ivan', 'olga']],
    ['behind punctuation', '.@nico -@eric :@ivan #@olga \\@anna', ['nico', 'eric', 'ivan', 'olga', 'anna']],
    ['listed without spaces', '@nico,@eric.@ivan', ['nico', 'eric', 'ivan']],

    ['in a word', 'a@nico 1@nico _@nico \u00e9@nico', []],
    ['in a word whose last letter is combined', `e${COMBINING_ACUTE}@nico x${JOINER}@nico`, []],
    ['before the rest of a word', `@nic\u00f3 @nico${COMBINING_ACUTE} @nico.\u00e9 @nic${CYRILLIC_O}`, []],
    ['with a letter that looks like one of the grammar', `@${KELVIN}ai`, []],
    ['behind an emoji', `\u{1F44D}@nico ${HEART}@eric ${KEYCAP}@ivan`, ['nico', 'eric', 'ivan']],
    ['before an emoji', `@nico\u{1F44D} @eric${HEART}`, ['nico', 'eric']],
    ['in a script without spaces', '\u65e5\u672c@nico\u3055\u3093 \uc548\ub155@eric\ub2d8', ['nico', 'eric']],
    ['behind a full-width sign', '\uFF20nico', []],
    ['behind two signs', '@@nico', []],
    ['behind a slash', '/@nico and@/@eric', []],

    ['of an e-mail address', 'x@y.z nico@example.com', []],
    ['of an e-mail address with punctuation', 'a.+@example.com user-@example.museum', []],
    ['of an account elsewhere', '@nico@example.org @eric@localhost', []],
    ['in a path', 'https://a.b/@nico http://localhost:80/x/@nico //example.com/@nico', []],
    ['in a query', 'https://a.b/?to=@nico#@eric example.com/?to=@nico', []],
    ['in the authority', 'ftp://a:-@example.com https://-@nico/', []],
    ['of an address with a scheme', 'mailto:+@nico.com', []],
    ['behind a URL', 'https://a.b/x @nico (https://a.b/)@eric', ['nico', 'eric']],
    ['that could be a host', '@nico.com @eric.dev/x', ['nico.com', 'eric.dev']],

    ['in code', '`@nico` `` a ` @nico `` a`@nico`b', []],
    ['beside code', '`a`@nico`b` `https://a.b/`@eric', ['nico', 'eric']],
    ['in code over two lines', '`a\n@nico`', []],
    ['between code', '`a` @nico `b`', ['nico']],
    ['behind an unclosed backtick', '`@nico ``@eric', ['nico', 'eric']],
    ['between backticks of different paragraphs', '`a\n\n@nico `\n \r\n@eric`', ['nico', 'eric']],
    ['in a fenced block', '```\n@nico\n```\n@eric', ['eric']],
    ['in a fenced block with a language', 'a\n  ```js\r\n@nico\r\n```\r\n@eric', ['eric']],
    ['in a fenced block with backticks', '````\n```\n@nico\n````` \n@eric', ['eric']],
    ['in a fenced block that is never closed', '@eric\n```\n@nico\n``\n@nico', ['eric']],
    ['between backticks around a fenced block', '`\n```\na\n```\n@nico `', ['nico']],
    ['in three backticks on one line', '```@nico```', []],
  ])('%s', (_case, text, expected) => {
    expect(names(text)).toEqual(expected);
  });

  it('is at its place in UTF-16 code units', () => {
    expect(findNames('\u{1F44D} @Nico, `code` @eric!')).toEqual([
      { name: 'nico', start: 3, end: 8 },
      { name: 'eric', start: 17, end: 22 },
    ]);
  });

  it('is not searched in a very long run without white space', () => {
    const at = (length: number) => names(`${'-'.repeat(length - 5)}@nico @eric`);
    expect(at(SEARCHED_MAX)).toEqual(['nico', 'eric']);
    expect(at(SEARCHED_MAX + 1)).toEqual(['eric']);
  });
});

/** Texts of what matters here, in any order. */
const text = fc
  .array(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom('@', '@nico', 'nico', '@Eric.', '.', '-', '_', '/', '`', '```', '\n', ' '),
      },
      fc.constantFrom(
        'https://a.b/',
        'x@y.com',
        'mailto:',
        '//',
        COMBINING_ACUTE,
        JOINER,
        KEYCAP,
        HEART,
        '\r\n',
        '\u3055',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

describe('names in any text', () => {
  it('are at their places, which ascend and do not overlap', () => {
    fc.assert(
      fc.property(text, (content) => {
        let before = 0;
        for (const { name, start, end } of findNames(content)) {
          expect(content.slice(start, end).replace(/[A-Z]/g, (letter) => letter.toLowerCase())).toBe(`@${name}`);
          expect(UserName.safeParse(name).success).toBe(true);
          expect(content.slice(Math.max(0, start - 1), start)).not.toMatch(/[A-Za-z0-9_@/]/);
          expect(content.slice(end, end + 1)).not.toMatch(/[A-Za-z0-9_@]/);
          expect(start).toBeGreaterThanOrEqual(before);
          before = end;
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('are found between spaces, whatever is around them, unless it may be code', () => {
    fc.assert(
      fc.property(text, text, (head, tail) => {
        const around = [head, tail].map((part) => part.replaceAll('`', "'"));
        const content = around.join(' @nico ');
        const start = (around[0] as string).length + 1;
        expect(findNames(content)).toContainEqual({ name: 'nico', start, end: start + 5 });
      }),
      { numRuns: 1_000 },
    );
  });

  it('keep their places when code is blanked', () => {
    fc.assert(
      fc.property(text, (content) => {
        const blanked = blankCode(content);
        expect(blanked.length).toBe(content.length);
        for (let at = 0; at < content.length; at++) expect([content[at], ' ', '\n']).toContain(blanked[at]);
      }),
    );
  });
});
