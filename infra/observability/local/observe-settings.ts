import { OperatorError } from '../../console.ts';
import { type Environment, port } from '../../environment.ts';
import type { NamedPort } from '../../process/ports.ts';

export interface ObserveSettings {
  readonly prometheus: NamedPort;
  readonly grafana: NamedPort;
  /** Where services send traces to, by OTLP over HTTP. */
  readonly collector: NamedPort;
  /** The page of the traces. */
  readonly traces: NamedPort;
}

export const observeSettings = (env: Environment): ObserveSettings => ({
  prometheus: port(env, 'PROMETHEUS_PORT', 59090),
  grafana: port(env, 'GRAFANA_PORT', 53000),
  collector: port(env, 'COLLECTOR_PORT', 54318),
  traces: port(env, 'TRACES_PORT', 56686),
});

/** Whether the arguments of `npm start` ask to observe the system. Throws if there are others. */
export function wantsToObserve(args: readonly string[], command: string): boolean {
  if (args.some((arg) => arg !== '--observe'))
    throw new OperatorError(`Usage: npm ${command === 'dev' ? 'run dev' : command} [-- --observe]`);
  return args.length > 0;
}
