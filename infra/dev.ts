import { runSystem } from './run-system.ts';

await runSystem({ command: 'dev', watch: true });
