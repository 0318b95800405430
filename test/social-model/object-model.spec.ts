import { ADMIN, ObjectModel } from './object-model';

const UNTIL = '2026-12-29T12:00:00.000000+00:00';

describe('the model of objects', () => {
  let objects: ObjectModel;
  let version: number;

  const remove = (by: string, name: string) => {
    const answer = objects.answerToDelete(by, name);
    if (answer === 'Object deleted') objects.deleted(name, by, UNTIL, ++version);
    return answer;
  };
  const restore = (by: string, name: string) => {
    const answer = objects.answerToRestore(by, name);
    if (answer === 'Object restored') objects.restored(name, ++version);
    return answer;
  };

  beforeEach(() => {
    objects = new ObjectModel();
    version = 0;
    objects.add('photo:1', 'author', 'Sunrise');
    objects.add('comment:1', 'fan', 'Where?', { root: 'photo:1', thread: null, replyTo: null });
    objects.add('comment:2', 'author', 'Here', { root: 'photo:1', thread: 'comment:1', replyTo: 'comment:1' });
  });

  it('lets owners delete and restore', () => {
    expect(remove('fan', 'photo:1')).toBe('NOT_OWNER');
    expect(restore('fan', 'photo:1')).toBe('NOT_OWNER');
    expect(restore('author', 'photo:1')).toBe('Not deleted');
    expect(remove('author', 'photo:1')).toBe('Object deleted');
    expect(remove('author', 'photo:1')).toBe('Already deleted');
    expect(restore('author', 'photo:1')).toBe('Object restored');
    expect(objects.existsFor('photo:1', 'fan')).toBe(true);
  });

  it('shows a deleted object to nobody but its owner', () => {
    remove('author', 'photo:1');
    expect(objects.existsFor('photo:1', 'author')).toBe(true);
    expect(objects.existsFor('photo:1', 'fan')).toBe(false);
    expect([remove('fan', 'photo:1'), restore('fan', 'photo:1')]).toEqual(['OBJECT_NOT_FOUND', 'OBJECT_NOT_FOUND']);
    expect(objects.answerToEdit('author', 'photo:1', 'Sunset')).toBe('Object edited');
    expect(objects.answerToEdit('fan', 'photo:1', 'Sunset')).toBe('OBJECT_NOT_FOUND');
  });

  it('lets the owner of what a comment hangs on delete it, who alone can then restore it', () => {
    expect(remove('author', 'comment:1')).toBe('Object deleted');
    expect(restore('fan', 'comment:1')).toBe('NOT_DELETER');
    expect(remove('fan', 'comment:1')).toBe('Already deleted');
    expect(objects.existsFor('comment:1', 'author')).toBe(false);
    expect(restore('author', 'comment:1')).toBe('Object restored');
    remove('fan', 'comment:1');
    expect(restore('author', 'comment:1')).toBe('OBJECT_NOT_FOUND');
  });

  it('lets the admin key delete what others have deleted', () => {
    remove('author', 'photo:1');
    expect(restore(ADMIN, 'photo:1')).toBe('NOT_DELETER');
    expect(remove(ADMIN, 'photo:1')).toBe('Object deleted');
    expect(remove(ADMIN, 'photo:1')).toBe('Already deleted');
    expect(restore('author', 'photo:1')).toBe('NOT_DELETER');
    expect(restore(ADMIN, 'photo:1')).toBe('Object restored');
  });

  it('has the comments of a deleted object deleted too', () => {
    remove('author', 'photo:1');
    expect(objects.isLiving('comment:1')).toBe(false);
    expect(objects.existsFor('comment:1', 'fan')).toBe(false);
    expect(remove('fan', 'comment:1')).toBe('OBJECT_NOT_FOUND');
    expect(remove(ADMIN, 'comment:1')).toBe('Object deleted');
    expect([objects.listed('photo:1', 'anybody'), objects.listed('comment:1', 'anybody')]).toEqual([[], []]);
    expect(objects.hasCommentsFor('comment:1', 'fan')).toBe(false);
    restore('author', 'photo:1');
    expect([objects.isLiving('comment:1'), objects.isLiving('comment:2')]).toEqual([false, true]);
  });

  it('lists a deleted comment until the last living reply goes', () => {
    remove('fan', 'comment:1');
    expect(objects.listed('photo:1', 'anybody')).toEqual(['comment:1']);
    expect(objects.listed('comment:1', 'anybody')).toEqual(['comment:2']);
    expect([objects.countComments('photo:1'), objects.countComments('comment:1')]).toEqual([1, 1]);
    expect(objects.hasCommentsFor('comment:1', 'somebody')).toBe(true);
    remove('author', 'comment:2');
    expect(objects.listed('photo:1', 'anybody')).toEqual([]);
    expect(objects.hasCommentsFor('comment:1', 'somebody')).toBe(false);
  });

  it('takes the changes of an object in the order of their events, whatever the order of their answers', () => {
    objects.restored('photo:1', 2);
    objects.deleted('photo:1', 'author', UNTIL, 1);
    expect(objects.isLiving('photo:1')).toBe(true);
  });
});
