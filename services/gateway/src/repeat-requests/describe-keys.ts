import { ERRORS, type ErrorCode, statusOf } from '@activity-feed/contracts';
import type { OpenAPIObject } from '@nestjs/swagger';
import { errorAnswer } from '../error-answers/error-answer';
import { acceptsIdempotencyKey } from './accept-keys';
import { KEY_MAX } from './idempotency-key';

type Operation = OpenAPIObject['paths'][string]['get'] & object;

const CODES: ErrorCode[] = ['IDEMPOTENCY_KEY_INVALID', 'IDEMPOTENCY_KEY_REUSED', 'IDEMPOTENCY_KEY_IN_USE'];

const PARAMETER = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  schema: { type: 'string' as const, minLength: 1, maxLength: KEY_MAX },
  example: '8e03978e-40d5-43dd-bc93-6894a57f9324',
  description:
    'Makes the request safe to repeat: for 24 hours, the same request of the same user with the same key is answered as at first, ' +
    'and recorded once. Ignored with an admin key.',
};

const REPLAYED = {
  'Idempotent-Replayed': {
    description: '`true` if this is the answer to an earlier request with the same idempotency key',
    schema: { type: 'string' as const },
  },
};

/** Adds the idempotency key to every route of `document` that accepts it. */
export function describeIdempotencyKeys({ paths }: OpenAPIObject): void {
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods as Record<string, Operation>)) {
      if (acceptsIdempotencyKey(method, path) && isForUsers(operation)) describeKey(operation);
    }
  }
}

const isForUsers = ({ security = [] }: Operation) => security.some((keys) => 'key' in keys);

function describeKey(operation: Operation): void {
  operation.parameters = [...(operation.parameters ?? []), PARAMETER];
  for (const [status, response] of Object.entries(operation.responses)) {
    if (status.startsWith('2') && response && 'description' in response) {
      response.headers = { ...response.headers, ...REPLAYED };
    }
  }
  for (const code of CODES) addError(operation, code);
}

function addError({ responses }: Operation, code: ErrorCode): void {
  const status = String(statusOf(code));
  const known = responses[status] as Described | undefined;
  const texts = [...(known ? [known.description] : []), ERRORS[code].text];
  responses[status] = {
    description: texts.join(' · '),
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/Error' },
        examples: { ...known?.content['application/json'].examples, [code]: { value: errorAnswer(code) } },
      },
    },
  };
}

interface Described {
  description: string;
  content: { 'application/json': { examples: Record<string, { value: object }> } };
}
