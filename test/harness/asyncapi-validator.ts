import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

const FILE = join(__dirname, '../../docs/asyncapi.yaml');

/** Returns the violations of a message of `topic`, a name without prefix. Empty if the message is valid. */
export type MessageValidator = (topic: string, headers: Record<string, string>, value: unknown) => string[];

interface Document {
  channels: Record<string, { address: string; messages: Record<string, { $ref: string }> }>;
}

/** Validates messages by docs/asyncapi.yaml: finds the channel by topic and the message by `ce_type`. */
export function loadValidator(): MessageValidator {
  const document = parse(readFileSync(FILE, 'utf8')) as Document;
  const ajv = addFormats(new Ajv({ strict: false, allErrors: true })).addSchema(document, 'document');

  const check = (schema: string, part: string, value: unknown): string[] => {
    // Ajv caches compiled schemas.
    const validate = ajv.getSchema(schema);
    if (!validate) return [`${part}: the document has no schema ${schema}`];
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${part}${instancePath} ${message}`);
  };

  return (topic, headers, value) => {
    const channel = Object.values(document.channels).find(({ address }) => address === topic);
    if (!channel) return [`the document has no channel for the topic ${topic}`];
    // Dead letters may have any type or none.
    const message = channel.messages['dead-letter'] ?? channel.messages[headers.ce_type ?? ''];
    if (!message) return [`${topic} has no message of type ${headers.ce_type}`];
    return [
      ...check(`document${message.$ref}/headers`, 'headers', headers),
      ...check(`document${message.$ref}/payload`, 'value', value),
    ];
  };
}
