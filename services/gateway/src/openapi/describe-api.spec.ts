import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS, type ErrorCode } from '@activity-feed/contracts';
import type { OpenAPIObject } from '@nestjs/swagger';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { describeApi } from './describe-api';

const FILE = join(__dirname, '../../../../docs/openapi.json');

interface Content {
  schema: { $ref?: string };
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

describe('the OpenAPI document', () => {
  let document: OpenAPIObject;
  beforeAll(async () => {
    document = await describeApi();
  });

  const contents = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.values(methods as Record<string, { requestBody?: object; responses: Record<string, object> }>).flatMap(
        ({ requestBody, responses }) =>
          [requestBody, ...Object.values(responses)].flatMap((part) => {
            const content = (part as { content?: Record<string, Content> } | undefined)?.content?.['application/json'];
            return content ? [{ path, content }] : [];
          }),
      ),
    );

  it('is the one in docs; `npm run docs` renews that', () => {
    expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it('has an example that fits the schema for every body and answer', () => {
    const ajv = addFormats(new Ajv2020({ strict: false }));
    ajv.addSchema({ $id: 'document', components: document.components });
    expect(contents().length).toBeGreaterThan(30);
    for (const { path, content } of contents()) {
      const schema = content.schema.$ref ? { $ref: `document${content.schema.$ref}` } : content.schema;
      const examples = [content.example, ...Object.values(content.examples ?? {}).map(({ value }) => value)].filter(
        Boolean,
      );
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) {
        const valid = ajv.validate(schema, example);
        expect({ path, example, errors: valid ? [] : ajv.errors }).toEqual({ path, example, errors: [] });
      }
    }
  });

  it('tells of every error of the catalogue, but those of unknown routes', () => {
    const told = new Set(contents().flatMap(({ content }) => Object.keys(content.examples ?? {})));
    const outside: ErrorCode[] = ['NOT_FOUND', 'METHOD_NOT_ALLOWED'];
    const missing = Object.keys(ERRORS).filter((code) => !told.has(code) && !outside.includes(code as ErrorCode));
    expect(missing).toEqual([]);
  });
});
