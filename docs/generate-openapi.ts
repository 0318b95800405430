import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeApi } from '../services/gateway/dist/describe-api.js';

const document = await describeApi();
writeFileSync(join(import.meta.dirname, 'openapi.json'), `${JSON.stringify(document, null, 2)}\n`);
process.exit(0);
