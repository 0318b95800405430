import { refusalOf } from './revoke-key.decide';

const held = (id: number, isValid: boolean) => ({ id, isValid, isPresented: false });

describe('the decision to revoke a key', () => {
  it('allows it while another key is valid', () => {
    expect(refusalOf([held(1, true), held(2, true)], 1)).toBeUndefined();
    expect(refusalOf([held(1, true), held(2, false)], 2)).toBeUndefined();
  });

  it('refuses the last valid key, whatever has expired', () => {
    expect(refusalOf([held(1, true)], 1)).toBe('KEY_IS_LAST');
    expect(refusalOf([held(1, true), held(2, false)], 1)).toBe('KEY_IS_LAST');
  });

  it('refuses a key that the user does not have', () => {
    expect(refusalOf([held(1, true), held(2, true)], 3)).toBe('KEY_NOT_FOUND');
  });
});
