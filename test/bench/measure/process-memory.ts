import { readFileSync } from 'node:fs';

/** Bytes of anonymous memory of a process, without file mappings. */
export function memoryOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1]) * 1_024;
}
