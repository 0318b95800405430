/** Holds about a hundred frames of average length. */
export const SLAB_BYTES = 256 * 1024;
const KEPT = 8;

const free: Buffer[] = [];

/**
 * A pool of buffers. New buffers of more than a few kilobytes count as external memory, and allocating thousands per
 * second makes V8 run full garbage collections continuously.
 */
export const takeSlab = (): Buffer => free.pop() ?? Buffer.allocUnsafeSlow(SLAB_BYTES);

export function giveSlab(slab: Buffer): void {
  if (free.length < KEPT) free.push(slab);
}
