import type { Aggregate } from '../aggregates/aggregate';

/** The name under which a continuous aggregate is made and filled, beside what is read until then. */
export const nextName = ({ name }: Aggregate): string => `${name}_next`;
