import { describeApi } from '../../services/gateway/src/describe-api';

export interface DescribedOperation {
  /** In upper case. */
  method: string;
  /** With a value for each parameter. */
  path: string;
  needsKey: boolean;
}

const VALUES: Record<string, string> = { name: 'nico', object: 'photo:1', id: '1', version: '1' };

interface Described {
  security?: object[];
}

/** Every operation of the OpenAPI document. */
export async function operations(): Promise<DescribedOperation[]> {
  const { paths } = await describeApi();
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Described>).map(([method, { security = [] }]) => ({
      method: method.toUpperCase(),
      path: path.replace(/\{(\w+)\}/g, (_, name: string) => {
        const value = VALUES[name];
        if (value === undefined) throw new Error(`${path} has a parameter without a value for the tests: ${name}`);
        return value;
      }),
      needsKey: security.length > 0,
    })),
  );
}
