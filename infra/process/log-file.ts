import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, relative } from 'node:path';

/** Starts a new log and keeps the previous one as *.previous.log. */
export function beginLog(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  if (existsSync(file)) renameSync(file, file.replace(/\.log$/, '.previous.log'));
}

export function lastLines(text: string, count: number): string {
  return text
    .trimEnd()
    .split('\n')
    .slice(-count)
    .map((line) => `  ${line}`)
    .join('\n');
}

/** A file's path relative to the working directory, for messages. */
export const shownPath = (file: string) => relative(process.cwd(), file);

export function logTail(file: string, count = 15): string {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const name = shownPath(file);
  return text.trim() === '' ? `${name} is empty.` : `The end of ${name}:\n${lastLines(text, count)}`;
}
