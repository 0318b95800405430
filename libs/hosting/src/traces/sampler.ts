import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';

const PARENT_BASED = 'parentbased_';

/** The sampler that `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG` name. Throws for a wrong value. */
export function samplerFrom(environment: Readonly<Record<string, string | undefined>>): Sampler {
  const name = environment.OTEL_TRACES_SAMPLER || 'parentbased_always_on';
  const root = rootOf(name.replace(PARENT_BASED, ''), environment.OTEL_TRACES_SAMPLER_ARG || '1');
  if (!root) {
    const accepted = 'must be always_on, always_off or traceidratio, or one of them behind parentbased_';
    throw new Error(`OTEL_TRACES_SAMPLER is "${name}": ${accepted}`);
  }
  return name.startsWith(PARENT_BASED) ? new ParentBasedSampler({ root }) : root;
}

function rootOf(name: string, argument: string): Sampler | undefined {
  if (name === 'always_on') return new AlwaysOnSampler();
  if (name === 'always_off') return new AlwaysOffSampler();
  if (name !== 'traceidratio') return undefined;
  const ratio = Number(argument);
  if (ratio >= 0 && ratio <= 1) return new TraceIdRatioBasedSampler(ratio);
  throw new Error(`OTEL_TRACES_SAMPLER_ARG is "${argument}": must be a number from 0 to 1`);
}
