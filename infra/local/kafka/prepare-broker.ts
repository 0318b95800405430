import { join } from 'node:path';
import { install } from '../install.ts';
import { kafkaProcess, prepareKafka } from './server.ts';

/**
 * `node prepare-broker.ts <folder> <port> <controller port>` prepares a separate broker and prints the command that
 * starts it, as JSON. For tests that kill their broker.
 */
const [folder = '', port, controllerPort] = process.argv.slice(2);
const { signal } = new AbortController();
const { java, kafkaJars: jars } = await install(['kafka'], signal);
const server = { java, jars, folder, port: Number(port), controllerPort: Number(controllerPort) };
const whole = { ...server, logFile: join(folder, 'kafka.log') };
await prepareKafka(whole, signal);
const { command, args, cwd } = kafkaProcess(whole);
console.log(JSON.stringify({ command, args, cwd }));
