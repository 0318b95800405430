import type { Handler } from './link-server';
import { type BorrowedReply, copyOf, keep, lend, type Reply } from './reply';

const buffer = Buffer.from('page');
const borrowed = (): BorrowedReply => ({ status: 0, payload: lend(buffer) });

describe('a borrowed reply', () => {
  it('does not compile where it would be kept without a copy', () => {
    // @ts-expect-error: no reply with bytes of its own
    const kept: Reply = borrowed();
    // @ts-expect-error: no bytes of its own
    const bytes: Uint8Array = borrowed().payload;
    // @ts-expect-error: the buffer is reused before the promise is fulfilled
    const late: Handler = async () => borrowed();
    const atOnce: Handler = borrowed;
    expect([kept, bytes, late, atOnce]).toHaveLength(4);
  });

  it('is kept as a copy', () => {
    const [reply, bytes] = [keep(borrowed()), copyOf(borrowed().payload)];
    buffer.write('next');
    expect([reply.payload.toString(), bytes.toString()]).toEqual(['page', 'page']);
  });
});
