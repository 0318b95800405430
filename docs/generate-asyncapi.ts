import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { describeTopics } from '../libs/contracts/dist/asyncapi/describe-topics.js';

// YAML 1.1 parsers read an unquoted time as a date.
const text = stringify(describeTopics(), { blockQuote: 'literal', compat: 'yaml-1.1', lineWidth: 0 });
writeFileSync(
  join(import.meta.dirname, 'asyncapi.yaml'),
  `# Generated from libs/contracts by docs/generate-asyncapi.ts.\n${text}`,
);
