/** Holds a hundred frames of usual length. */
export const SLAB_BYTES = 256 * 1024;
const KEPT = 8;

const free: Buffer[] = [];

/**
 * Buffers that are used again and again. Each new buffer of more than some kilobytes counts as memory outside of the
 * heap, and thousands of them a second make V8 collect the whole heap all the time.
 */
export const takeSlab = (): Buffer => free.pop() ?? Buffer.allocUnsafeSlow(SLAB_BYTES);

export function giveSlab(slab: Buffer): void {
  if (free.length < KEPT) free.push(slab);
}
