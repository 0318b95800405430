import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { describeTopics } from '../libs/contracts/dist/asyncapi/describe-topics.js';

// Readers of YAML 1.1 take an unquoted time for a date.
const text = stringify(describeTopics(), { blockQuote: 'literal', compat: 'yaml-1.1', lineWidth: 0 });
writeFileSync(
  join(import.meta.dirname, 'asyncapi.yaml'),
  `# Made from libs/contracts; see docs/generate-asyncapi.ts.\n${text}`,
);
