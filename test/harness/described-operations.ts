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

/** Every operation in the OpenAPI document of a gateway. */
export async function describedOperations(address: string): Promise<DescribedOperation[]> {
  const answer = await fetch(`${address}/openapi.json`);
  const { paths } = (await answer.json()) as { paths: Record<string, Record<string, Described>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security = [] }]) => ({
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
