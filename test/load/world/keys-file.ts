import { readFileSync } from 'node:fs';
import { OperatorError } from '../../../infra/console.ts';
import type { User } from './world.ts';

export function usersOfFile(path: string): User[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new OperatorError(`--keys: ${(error as Error).message}`);
  }
  return usersOfLines(text, path);
}

/** Parses users from lines `name key`. Ignores empty lines. */
export function usersOfLines(text: string, source: string): User[] {
  const users: User[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const [name, key, ...rest] = line.trim().split(/\s+/);
    if (!name || !key || rest.length > 0) {
      throw new OperatorError(`Line ${index + 1} of ${source} is "${line}"; it must be a user's name and key.`);
    }
    users.push({ name, key });
  }
  if (users.length < 2) throw new OperatorError(`${source} has ${users.length} users; at least 2 are needed.`);
  return users;
}
