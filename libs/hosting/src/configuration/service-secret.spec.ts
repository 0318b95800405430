import { readConfig } from './read-config';
import { assertSecret, secretSettings } from './service-secret';

const read = (environment: Record<string, string>) => {
  const settings = readConfig(secretSettings, environment);
  assertSecret(settings);
  return settings.SERVICE_SECRET;
};

describe('the service secret', () => {
  it('is optional unless it is required', () => {
    expect(read({})).toBeUndefined();
    expect(read({ SERVICE_SECRET: 'sixteen letters!', SERVICE_SECRET_REQUIRED: 'true' })).toBe('sixteen letters!');
    expect(() => read({ SERVICE_SECRET_REQUIRED: 'true' })).toThrow('SERVICE_SECRET is not set: must be the same');
    expect(() => read({ SERVICE_SECRET: '', SERVICE_SECRET_REQUIRED: 'true' })).toThrow('SERVICE_SECRET is not set');
  });

  it('is refused if it is short, and not shown', () => {
    expect(() => read({ SERVICE_SECRET: 'fifteen letters' })).toThrow(
      'SERVICE_SECRET is set to an invalid value (not shown): must have at least 16 characters',
    );
  });
});
