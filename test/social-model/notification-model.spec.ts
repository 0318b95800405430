import fc from 'fast-check';
import { type Happening, NotificationModel } from './notification-model';

const DAY = '2026-11-30';
const like = (actor: string, object = 'photo:1', day = DAY): Happening => ({
  ...{ user: 'author', verb: 'like', actor, object, day },
});

describe('the model of notifications', () => {
  let model: NotificationModel;
  let hidden: Set<string>;
  beforeEach(() => {
    hidden = new Set();
    model = new NotificationModel((_viewer, { actor, object }) => !hidden.has(actor) && !hidden.has(object ?? ''));
  });

  const happened = (...all: Happening[]) => {
    for (const one of all) model.happened([one]);
  };
  const list = () =>
    model
      .list('author')
      .map(({ verb, object, day, actors, count }) => `${verb} ${object} ${day} ${actors} ${count.count}`);
  const marks = () => model.list('author').map(({ seen, read }) => [seen, read]);
  const counts = () => {
    const { unseen, unread } = model.count('author');
    return [unseen.count, unread.count];
  };

  it('groups by verb, object and day, the group with the newest member first', () => {
    happened(like('fan', 'photo:1', '2026-11-29'), like('fan'), like('other', 'photo:2'), like('other'));
    expect(list()).toEqual([
      `like photo:1 ${DAY} other,fan 2`,
      `like photo:2 ${DAY} other 1`,
      'like photo:1 2026-11-29 fan 1',
    ]);
  });

  it('names three actors and counts all', () => {
    happened(...['a', 'b', 'c', 'd', 'e'].map((actor) => like(actor)));
    expect(list()).toEqual([`like photo:1 ${DAY} e,d,c 5`]);
  });

  it('notifies nobody of what they do themselves, and of one event only once', () => {
    const said = { actor: 'fan', object: 'photo:1', comment: 'comment:9', day: DAY };
    model.happened([
      { ...said, user: 'author', verb: 'comment' },
      { ...said, user: 'author', verb: 'mention', object: 'comment:9' },
      { ...said, user: 'author', verb: 'reply', object: 'comment:1' },
      { ...said, user: 'fan', verb: 'mention', object: 'comment:9' },
    ]);
    expect(list()).toEqual([`reply comment:1 ${DAY} fan 1`]);
    expect(model.list('fan')).toEqual([]);
  });

  it('has a group that grows unseen and unread again, and read again if only the new member is taken back', () => {
    happened(like('fan'), like('fan', 'photo:2'));
    expect(counts()).toEqual([2, 2]);
    model.markSeen('author');
    model.markRead('author');
    expect(counts()).toEqual([0, 0]);
    happened(like('other'));
    expect(list()[0]).toBe(`like photo:1 ${DAY} other,fan 2`);
    expect(marks()).toEqual([
      [false, false],
      [true, true],
    ]);
    model.tookBack('like', 'other', { object: 'photo:1' });
    expect(counts()).toEqual([0, 0]);
    expect(list()).toEqual([`like photo:1 ${DAY} fan 1`, `like photo:2 ${DAY} fan 1`]);
  });

  it('has no new member if somebody likes the same again on the same day', () => {
    happened(like('fan'), like('fan', 'photo:2'));
    model.markSeen('author');
    model.tookBack('like', 'fan', { object: 'photo:1' });
    expect(list()).toEqual([`like photo:2 ${DAY} fan 1`]);
    happened(like('fan'));
    expect(list()).toEqual([`like photo:2 ${DAY} fan 1`, `like photo:1 ${DAY} fan 1`]);
    expect(counts()).toEqual([0, 2]);
    happened(like('fan', 'photo:1', '2026-12-01'));
    expect(counts()).toEqual([1, 3]);
  });

  it('has a follow while it holds', () => {
    const follow: Happening = { user: 'author', verb: 'follow', actor: 'fan', object: null, day: DAY };
    happened(follow, { ...follow, actor: 'other' });
    model.tookBack('follow', 'fan', { user: 'author' });
    expect(list()).toEqual([`follow null ${DAY} other 1`]);
  });

  it('has what is hidden in neither list nor counts, and in its place when it is shown again', () => {
    happened(like('fan'), like('other', 'photo:2'), like('other'));
    const before = { list: list(), counts: counts() };
    hidden.add('other');
    expect({ list: list(), counts: counts() }).toEqual({ list: [`like photo:1 ${DAY} fan 1`], counts: [1, 1] });
    hidden = new Set(['photo:1']);
    expect({ list: list(), counts: counts() }).toEqual({ list: [`like photo:2 ${DAY} other 1`], counts: [1, 1] });
    hidden.clear();
    expect({ list: list(), counts: counts() }).toEqual(before);
  });

  it('marks one group read, but not what it has later', () => {
    happened(like('fan'), like('fan', 'photo:2'));
    const { group, position } = model.list('author')[1] as { group: string; position: number };
    model.markGroupRead('author', group, position);
    expect(marks()).toEqual([
      [false, false],
      [false, true],
    ]);
    happened(like('other'));
    expect(counts()).toEqual([2, 2]);
  });

  it('keeps the order of a position in the log, whatever arrives and is taken back later', () => {
    happened(like('fan'), like('fan', 'photo:2'), like('other'));
    const asOf = 3;
    const objects = () => model.list('author', asOf).map(({ object }) => object);
    expect(objects()).toEqual(['photo:1', 'photo:2']);
    model.tookBack('like', 'other', { object: 'photo:1' });
    happened(like('third', 'photo:2'), like('fan', 'photo:3'));
    expect(objects()).toEqual(['photo:1', 'photo:2']);
    expect(list().map((one) => one.split(' ')[1])).toEqual(['photo:3', 'photo:2', 'photo:1']);
  });

  it('counts up to a hundred groups and a thousand members, and says that there are more', () => {
    const photos = Array.from({ length: 101 }, (_, id) => like('fan', `photo:${id}`));
    happened(...photos.slice(0, 100));
    expect(model.count('author').unseen).toEqual({ count: 100, more: false });
    happened(...photos.slice(100), ...Array.from({ length: 1_001 }, (_, fan) => like(`fan_${fan}`, 'photo:200')));
    expect(model.count('author').unseen).toEqual({ count: 100, more: true });
    expect(model.list('author')[0]?.count).toEqual({ count: 1_000, more: true });
  });

  it('ends up the same, in whatever order the marks of several devices arrive', () => {
    const happenings = fc.array(fc.tuple(fc.constantFrom('fan', 'other'), fc.integer({ min: 1, max: 3 })), {
      minLength: 1,
      maxLength: 12,
    });
    const mark = fc.record({ kind: fc.constantFrom('seen', 'read', 'group'), until: fc.integer({ min: 0, max: 12 }) });
    const apply = (to: NotificationModel, { kind, until }: { kind: string; until: number }) => {
      if (kind === 'seen') to.markSeen('author', until);
      if (kind === 'read') to.markRead('author', until);
      if (kind === 'group') to.markGroupRead('author', `like photo:1 ${DAY}`, until);
    };
    fc.assert(
      fc.property(happenings, fc.array(mark, { maxLength: 6 }), fc.infiniteStream(fc.nat()), (all, marks, order) => {
        const shuffled = marks.map((one) => [order.next().value as number, one] as const).toSorted(([a], [b]) => a - b);
        const [one, other] = [marks, shuffled.map(([, mark]) => mark)].map((inOrder) => {
          const model = new NotificationModel(() => true);
          for (const [actor, photo] of all) model.happened([like(actor, `photo:${photo}`)]);
          for (const mark of inOrder) apply(model, mark);
          return { list: model.list('author'), count: model.count('author') };
        });
        expect(other).toEqual(one);
      }),
    );
  });
});
