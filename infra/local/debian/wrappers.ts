import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { OperatorError } from '../../console.ts';

const ELF = '\x7fELF';

function isElf(file: string): boolean {
  if (!lstatSync(file).isFile()) return false;
  const start = Buffer.alloc(4);
  const descriptor = openSync(file, 'r');
  readSync(descriptor, start, 0, 4, 0);
  closeSync(descriptor);
  return start.toString('latin1') === ELF;
}

/** The folder of shared libraries, named after the machine's architecture, and the loader in it. */
function loader(root: string): { folder: string; name: string } {
  const libraries = join(root, 'usr/lib');
  for (const folder of readdirSync(libraries).filter((name) => name.endsWith('-linux-gnu'))) {
    const name = readdirSync(join(libraries, folder)).find((file) => /^ld-linux.*\.so\.\d+$/.test(file));
    if (name) return { folder, name };
  }
  throw new OperatorError(`The unpacked packages have no dynamic loader in ${libraries}.`);
}

/**
 * Replaces every program with a wrapper that runs it with the unpacked libc instead of the machine's. The program keeps
 * its pid, and the whole folder can be moved.
 */
export function wrapPrograms(root: string, folders: readonly string[]): void {
  const { folder, name: loaderName } = loader(root);
  for (const programs of folders.map((path) => join(root, path)).filter((path) => existsSync(path))) {
    const up = relative(programs, join(root, 'usr'));
    mkdirSync(join(programs, '.elf'), { recursive: true });
    for (const program of readdirSync(programs).filter((file) => isElf(join(programs, file)))) {
      renameSync(join(programs, program), join(programs, '.elf', program));
      const script = `#!/bin/sh
b=\${0%/*}; u=$b/${up}
export OPENSSL_CONF=/dev/null
l=$u/lib/${folder}
exec "$l/${loaderName}" --library-path "$l" --argv0 "$0" "$b/.elf/${program}" "$@"
`;
      writeFileSync(join(programs, program), script, { mode: 0o755 });
    }
  }
}
