import type { EventTime, UserId, UserProfile } from '@activity-feed/contracts';
import { ProfileText } from './profile-text';

const time = '2019-02-10T12:00:00.000001+00:00' as EventTime;
const profile: UserProfile = {
  id: 1 as UserId,
  name: 'ivan',
  private: true,
  followIds: [2, 3] as UserId[],
  createdAt: time,
  updatedAt: time,
};

describe('the text of a profile', () => {
  it.each(['abc123', 'with "quotes" \\', 'schlüssel'])('is JSON with the key of the request: %s', (key) => {
    const text = Buffer.from(new ProfileText(profile).withKey(key), 'latin1').toString();
    const answer = {
      id: 1,
      name: 'ivan',
      auth_token: key,
      follow_ids: [2, 3],
      private: true,
      created_at: time,
      updated_at: time,
    };
    expect(text).toBe(JSON.stringify(answer));
  });

  it('says that an account is public if an earlier version of social-graph does not say', () => {
    const { private: _, ...earlier } = profile;
    expect(JSON.parse(new ProfileText(earlier).withKey('k'))).toMatchObject({ private: false });
  });
});
