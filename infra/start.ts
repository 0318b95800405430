import { runSystem } from './run-system.ts';

await runSystem({ command: 'start', watch: false });
