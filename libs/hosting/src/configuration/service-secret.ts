import { z } from 'zod';
import { WrongConfiguration } from './read-config';
import { setting } from './settings';

/** Of every process that sends or receives commands and reads between services. */
export const secretSettings = {
  /** What a gateway proves to a service that it knows, before the service answers it. The same in all services. */
  SERVICE_SECRET: z.string().min(16, 'must have at least 16 characters').optional(),
  /** Set in the images: a service without a secret answers whoever reaches its port. */
  SERVICE_SECRET_REQUIRED: setting.flag,
};

type Values = z.infer<z.ZodObject<typeof secretSettings>>;

/** Throws WrongConfiguration if the secret is required and not set. */
export function assertSecret({ SERVICE_SECRET, SERVICE_SECRET_REQUIRED }: Values): void {
  if (SERVICE_SECRET !== undefined || !SERVICE_SECRET_REQUIRED) return;
  throw new WrongConfiguration(
    'SERVICE_SECRET is not set: must be the same in all services, at least 16 random characters ' +
      '(SERVICE_SECRET_REQUIRED=false runs without)',
  );
}
