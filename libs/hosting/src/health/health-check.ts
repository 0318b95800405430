export interface Dependency {
  name: string;
  /** Whether the service is unavailable without it. */
  readonly required: boolean;
  /** What is missing or slower while it is down, unless it is required. */
  readonly without?: string;
  /** Resolves when it is up, optionally with another state, such as `warming`; throws or hangs when it is down. */
  check(): Promise<unknown>;
  /** Events that this process has not applied yet, by its part that reads them. */
  behind?(): Record<string, number>;
}

export interface Health {
  status: 'ready' | 'degraded' | 'unavailable';
  dependencies: Record<string, string>;
  /** What is missing or slower, by the dependency that is down. */
  degraded?: Record<string, string>;
  /** Events that are not applied yet, by the part that reads them. */
  behind?: Record<string, number>;
}

const LIMIT_MS = 1_000;

/** Checks all `dependencies` in parallel; one that does not answer within `limit` milliseconds is down. */
export async function checkHealth(dependencies: Dependency[], limit = LIMIT_MS): Promise<Health> {
  const states = await Promise.all(dependencies.map((dependency) => stateOf(dependency, limit)));
  const down = dependencies.filter((_, index) => states[index] === 'down');
  const status = down.some(({ required }) => required) ? 'unavailable' : down.length > 0 ? 'degraded' : 'ready';
  const missing = down.flatMap(({ name, required, without }) => (required || !without ? [] : [[name, without]]));
  const behind = dependencies.flatMap((one) => Object.entries(one.behind?.() ?? {})).filter(([, events]) => events > 0);
  return {
    status,
    dependencies: Object.fromEntries(dependencies.map(({ name }, index) => [name, states[index] as string])),
    ...(missing.length > 0 && { degraded: Object.fromEntries(missing) }),
    ...(behind.length > 0 && { behind: Object.fromEntries(behind) }),
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
