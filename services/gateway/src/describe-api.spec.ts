import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS } from '@activity-feed/contracts';
import type { OpenAPIObject } from '@nestjs/swagger';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { describeApi } from './describe-api';

const FILE = join(__dirname, '../../../docs/openapi.json');

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

  it('is up to date in docs (run `npm run docs`)', () => {
    expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it('has a valid example for every body and answer', () => {
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

  it('describes every error, either at its routes or in the list for all routes', () => {
    const told = new Set(contents().flatMap(({ content }) => Object.keys(content.examples ?? {})));
    const everywhere = Array.from(
      document.info.description?.matchAll(/^\| \d{3} \| `(\w+)`/gm) ?? [],
      ([, code]) => code,
    );
    const missing = Object.keys(ERRORS).filter((code) => !told.has(code) && !everywhere.includes(code));
    expect(missing).toEqual([]);
    expect(everywhere).toHaveLength(7);
  });
});
