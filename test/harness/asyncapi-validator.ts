import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

const FILE = join(__dirname, '../../docs/asyncapi.yaml');

/** Lists what is wrong with a message of `topic`, whose name is given without a prefix; nothing when all is well. */
export type MessageValidator = (topic: string, headers: Record<string, string>, value: unknown) => string[];

interface Document {
  channels: Record<string, { address: string; messages: Record<string, { $ref: string }> }>;
}

/** Reads docs/asyncapi.yaml and validates messages by it: topic → channel → the message that `ce_type` names. */
export function loadValidator(): MessageValidator {
  const document = parse(readFileSync(FILE, 'utf8')) as Document;
  const ajv = addFormats(new Ajv({ strict: false, allErrors: true })).addSchema(document, 'document');

  const check = (schema: string, part: string, value: unknown): string[] => {
    // Compiled once for each reference.
    const validate = ajv.getSchema(schema);
    if (!validate) return [`${part}: the document has no schema ${schema}`];
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${part}${instancePath} ${message}`);
  };

  return (topic, headers, value) => {
    const channel = Object.values(document.channels).find(({ address }) => address === topic);
    if (!channel) return [`there is no channel of the topic ${topic}`];
    // Messages that were put aside have a type of any kind, or none.
    const message = channel.messages['dead-letter'] ?? channel.messages[headers.ce_type ?? ''];
    if (!message) return [`${topic} has no message of type ${headers.ce_type}`];
    return [
      ...check(`document${message.$ref}/headers`, 'headers', headers),
      ...check(`document${message.$ref}/payload`, 'value', value),
    ];
  };
}
