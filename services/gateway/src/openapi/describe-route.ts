import { ERRORS, type ErrorCode, statusOf } from '@activity-feed/contracts';
import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiSecurity } from '@nestjs/swagger';
import { z } from 'zod';
import { errorAnswer } from '../error-answers/error-answer';

/** The keys that a route accepts. */
const SECURITY = {
  key: ['key'],
  'admin-key': ['admin-key'],
  'key-or-admin-key': ['key', 'admin-key'],
  'key-or-ticket': ['key'],
  none: [],
};

interface RouteDescription {
  summary: string;
  description?: string;
  security: keyof typeof SECURITY;
  body?: { schema: z.ZodType; examples: Record<string, object> };
  path?: Record<string, { schema: z.ZodType; description: string }>;
  /** Optional unless `required`. */
  query?: Record<string, { schema: z.ZodType; description: string; example?: string | number; required?: boolean }>;
  answer: {
    status?: number;
    /** The media type; JSON by default. */
    type?: string;
    schema: z.ZodType;
    /** Either `example` or `examples`. */
    example?: object | string;
    examples?: Record<string, object>;
    headers?: Record<string, string>;
  };
  errors?: ErrorCode[];
}

const EVERYWHERE: ErrorCode[] = ['INTERNAL'];
const WITH_KEY: ErrorCode[] = ['KEY_MISSING', 'KEY_INVALID', 'RATE_LIMITED', 'SERVICE_UNAVAILABLE'];
const SUSPENDED: ErrorCode = 'USER_SUSPENDED';
const WITH_BODY: ErrorCode[] = [
  'JSON_REQUIRED',
  'CHARSET_UNSUPPORTED',
  'ENCODING_UNSUPPORTED',
  'BAD_REQUEST',
  'REQUEST_TOO_LARGE',
];

/** Describes a route in the OpenAPI document: what it accepts, returns and rejects, each with an example. */
export function DescribeRoute({
  summary,
  description,
  security,
  body,
  path = {},
  query = {},
  answer,
  errors = [],
}: RouteDescription) {
  const secured = security === 'none' ? [] : [...WITH_KEY, ...(security === 'admin-key' ? [] : [SUSPENDED])];
  const statusOfCode = (code: ErrorCode) => statusOf(code, Object.keys(path).length > 0 ? 'path' : 'body');
  const codes = [...secured, ...(body ? WITH_BODY : []), ...errors, ...EVERYWHERE];
  return applyDecorators(
    ApiOperation({ summary, ...(description && { description }) }),
    ...SECURITY[security].map((name) => ApiSecurity(name)),
    ...(body ? [ApiBody({ schema: jsonSchema(body.schema), examples: valuesOf(body.examples) })] : []),
    ...Object.entries(path).map(([name, { schema, ...rest }]) =>
      ApiParam({ name, schema: jsonSchema(schema), ...rest }),
    ),
    ...Object.entries(query).map(([name, { schema, ...rest }]) =>
      ApiQuery({ name, required: false, schema: jsonSchema(schema), ...rest }),
    ),
    ApiResponse({
      status: answer.status ?? 200,
      description: 'Done',
      headers: Object.fromEntries(
        Object.entries(answer.headers ?? {}).map(([name, text]) => [
          name,
          { description: text, schema: { type: 'string' } },
        ]),
      ),
      content: { [answer.type ?? 'application/json']: { schema: jsonSchema(answer.schema), ...examplesOf(answer) } },
    }),
    ...[...new Set(codes.map(statusOfCode))].map((status) =>
      describeErrors(
        status,
        codes.filter((code) => statusOfCode(code) === status),
      ),
    ),
  );
}

const describeErrors = (status: number, codes: ErrorCode[]) =>
  ApiResponse({
    status,
    description: codes.map((code) => ERRORS[code].text).join(' · '),
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/Error' },
        examples: valuesOf(Object.fromEntries(codes.map((code) => [code, errorAnswer(code, 'b0bf1a52-…')]))),
      },
    },
  });

const examplesOf = ({ example, examples }: RouteDescription['answer']) =>
  examples ? { examples: valuesOf(examples) } : { example };

const valuesOf = (examples: Record<string, object>) =>
  Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }]));

/** Converts a zod schema to JSON Schema 2020-12, the dialect of OpenAPI 3.1. */
export function jsonSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}
