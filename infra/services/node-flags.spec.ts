import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFlags } from './node-flags.ts';

const dockerfile = readFileSync(join(__dirname, '../images/Dockerfile'), 'utf8');

/** The flags with which an image starts a service, but for those that only hide warnings. */
function flagsInImage(name: string): string[] {
  const command = dockerfile.split('\n').find((line) => line.startsWith('CMD') && line.includes(`services/${name}/`));
  const words: string[] = JSON.parse(command?.slice('CMD'.length) ?? '[]');
  return words.filter((word) => word.startsWith('--') && !word.startsWith('--disable-warning'));
}

describe('the flags of Node.js', () => {
  it.each(['gateway', 'social-graph', 'activity', 'feed'] as const)('are those of the image for %s', (name) => {
    expect(nodeFlags(name)).toEqual(flagsInImage(name));
  });
});
