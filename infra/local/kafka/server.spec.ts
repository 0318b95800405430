import { clusterId } from './server.ts';

describe('clusterId', () => {
  it('has 22 characters and never begins with a dash', () => {
    expect(clusterId(Buffer.alloc(16, 0xff))).toMatch(/^[A-Za-z0-9_][\w-]{21}$/);
    expect(clusterId(Buffer.alloc(16, 0xf8))).not.toMatch(/^-/);
  });
});
