/** A block between lines of three or more backticks; to the end of the text if it is never closed. */
const FENCED = /^ {0,3}(`{3,})[^`\r\n]*$(?:[\s\S]*?^ {0,3}\1`*[ \t]*$|[\s\S]*)/gm;

/** From a run of backticks to the next one of the same length in the same paragraph. Without one they are text. */
const INLINE = /(?<!`)(`+)(?!`)(?:(?!\n[ \t]*\r?\n)[\s\S])*?(?<!`)\1(?!`)/g;

/** Replaces code as in CommonMark by white space of the same length. */
export const blankCode = (text: string): string =>
  text.includes('`')
    ? text
        // A block ends the paragraph, as an empty line does.
        .replace(FENCED, (block) => '\n'.repeat(block.length))
        .replace(INLINE, (code) => ' '.repeat(code.length))
    : text;
