import type { Aggregate } from '../aggregates/aggregate';

/** The name of a replacement until it is filled. */
export const nextName = ({ name }: Aggregate): string => `${name}_next`;
