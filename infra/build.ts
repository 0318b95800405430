import { step } from './console.ts';
import { runOrFail } from './process/run.ts';

export async function build(root: string, signal: AbortSignal): Promise<void> {
  await step('Building the services', () => runOrFail('npm', ['run', '--silent', 'build'], { cwd: root, signal }));
}
