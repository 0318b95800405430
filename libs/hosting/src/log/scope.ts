import { AsyncLocalStorage } from 'node:async_hooks';

/** What is done for one request. */
export interface Scope {
  /** The fields of every log line about it. */
  readonly ids: object;
  /** Whether it has ended. What it has opened, such as a connection, outlives it. */
  isOver: boolean;
}

const scopes = new AsyncLocalStorage<Scope>();

/** Runs `work`: what it calls, also later, belongs to `scope`. */
export const within = <Result>(scope: Scope, work: () => Result): Result => scopes.run(scope, work);

/** The scope that the caller belongs to. */
export const currentScope = (): Scope | undefined => scopes.getStore();

/** The fields of log lines that are written now. */
export function idsNow(): object {
  const scope = scopes.getStore();
  return scope && !scope.isOver ? scope.ids : {};
}
