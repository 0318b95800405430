export interface Dependency {
  name: string;
  /** Whether the service is unavailable without it. */
  readonly required: boolean;
  /** Resolves when it is up, optionally with another state, such as `warming`; throws or hangs when it is down. */
  check(): Promise<unknown>;
}

export interface Health {
  status: 'ready' | 'degraded' | 'unavailable';
  dependencies: Record<string, string>;
}

const LIMIT_MS = 1_000;

/** Checks all `dependencies` in parallel; one that does not answer within `limit` milliseconds is down. */
export async function checkHealth(dependencies: Dependency[], limit = LIMIT_MS): Promise<Health> {
  const states = await Promise.all(dependencies.map((dependency) => stateOf(dependency, limit)));
  const down = dependencies.filter((_, index) => states[index] === 'down');
  const status = down.some(({ required }) => required) ? 'unavailable' : down.length > 0 ? 'degraded' : 'ready';
  return {
    status,
    dependencies: Object.fromEntries(dependencies.map(({ name }, index) => [name, states[index] as string])),
  };
}

async function stateOf({ check }: Dependency, limit: number): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, limit, 'down');
  });
  const answered = check().then(
    (state) => (typeof state === 'string' ? state : 'up'),
    () => 'down',
  );
  return Promise.race([answered, late]).finally(() => clearTimeout(timer));
}
