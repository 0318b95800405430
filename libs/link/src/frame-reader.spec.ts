import fc from 'fast-check';
import { encodeFrame } from './frame';
import { FrameReader } from './frame-reader';

interface Frame {
  id: number;
  code: number;
  payload: Buffer;
}

const anyFrame = fc.record({
  id: fc.integer({ min: 0, max: 0xffff_ffff }),
  code: fc.integer({ min: 0, max: 255 }),
  payload: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
});

const encode = ({ id, code, payload }: Frame) => encodeFrame(id, code, payload);

function collect(limit = 1024, mayRead?: (frames: Frame[]) => boolean) {
  const frames: Frame[] = [];
  const reader = new FrameReader(
    limit,
    (id, code, payload) => frames.push({ id, code, payload }),
    mayRead && (() => mayRead(frames)),
  );
  return { frames, reader };
}

/** Splits `bytes` into chunks whose lengths cycle through `cuts`. */
function* inChunks(bytes: Buffer, cuts: number[]): Generator<Buffer> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const end = at + (cuts[turn % cuts.length] as number);
    yield bytes.subarray(at, end);
    at = end;
  }
}

const anyCuts = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 });

describe('FrameReader', () => {
  it('extracts all frames, however the stream is split', () => {
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 20 }), anyCuts, (sent, cuts) => {
        const { frames, reader } = collect();
        for (const chunk of inChunks(Buffer.concat(sent.map(encode)), cuts)) reader.push(chunk);
        expect(frames).toEqual(sent);
      }),
    );
  });

  it('extracts frames from single bytes', () => {
    const sent = [0, 1, 300].map((length, id) => ({ id, code: 7, payload: Buffer.alloc(length, id) }));
    const { frames, reader } = collect();
    for (const chunk of inChunks(Buffer.concat(sent.map(encode)), [1])) reader.push(chunk);
    expect(frames).toEqual(sent);
  });

  it('holds data while it may not read, and loses none', () => {
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 20 }), anyCuts, (sent, cuts) => {
        let allowed = 0;
        const { frames, reader } = collect(1024, ({ length }) => length < allowed);
        for (const chunk of inChunks(Buffer.concat(sent.map(encode)), cuts)) reader.push(chunk);
        expect(frames).toEqual([]);
        while (reader.holding) {
          allowed++;
          reader.readOn();
          expect(frames).toHaveLength(allowed);
        }
        expect(frames).toEqual(sent);
      }),
    );
  });

  it('passes on a payload within one chunk without copying it', () => {
    const { frames, reader } = collect();
    const chunk = encode({ id: 1, code: 2, payload: Buffer.from('page') });
    reader.push(chunk);
    expect(frames[0]?.payload.buffer).toBe(chunk.buffer);
    expect(frames[0]?.payload.byteOffset).toBe(chunk.byteOffset + 9);
  });

  it.each([
    [4, 'too short for an id and a code'],
    [1025, 'longer than the limit'],
    [0xffff_ffff, 'as long as can be said'],
  ])('refuses a frame of %i bytes: %s', (length) => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(length);
    expect(() => collect().reader.push(head)).toThrow(`frame of ${length} bytes; must be between 5 and 1024`);
    const { reader } = collect();
    expect(() => {
      for (const chunk of inChunks(head, [1])) reader.push(chunk);
    }).toThrow('must be between 5 and 1024');
  });
});
