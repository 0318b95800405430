import type { ApiAnswer, ApiClient } from '../harness/api-client';
import type { SocialModel } from './social-model';

/** A simple linear congruential generator (Numerical Recipes), so that each run is the same. */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const idOf = (object: string) => Number(object.split(':')[1]);

/** Sends `writes` random writes of user `name`, one after the other, checks the answers, and adds them to `model`. */
export async function writeAtRandom(
  model: SocialModel,
  name: string,
  names: readonly string[],
  api: ApiClient,
  writes: number,
  random: (below: number) => number,
): Promise<void> {
  for (let write = 0; write < writes; write++) {
    const others = names.filter((other) => other !== name);
    const other = others[random(others.length)] as string;
    const object = model.anyObject(random);
    /** Whether a write about an object was refused because the object is deleted. */
    const refused = (answer: ApiAnswer, about: string) => {
      if (answer.status < 300) return false;
      expect([answer.body.code, model.isDoubtful(about)]).toEqual(['OBJECT_NOT_FOUND', true]);
      return true;
    };
    switch (object ? random(11) : 0) {
      case 0:
      case 1: {
        const type = random(2) ? 'post' : 'photo';
        const { body } = await api.post(type, `${name} ${write}`);
        model.posted(name, `${type}:${body.object_id}`);
        break;
      }
      case 2: {
        const answer = await api.send('/activity', { verb: 'like', object });
        if (!refused(answer, object as string)) {
          expect(answer.body.message).toBe(model.like(name, object as string));
        }
        break;
      }
      case 3: {
        const posted = model.anyPosted(random);
        if (!posted) break;
        const answer = await api.send('/activity', { verb: 'share', object: posted });
        if (!refused(answer, posted)) expect(answer.body.message).toBe(model.share(name, posted));
        break;
      }
      case 4:
        expect((await api.follow(other)).body.message).toBe(model.follow(name, other));
        break;
      case 5:
        expect((await api.unfollow(other)).body.message).toBe(model.unfollow(name, other));
        break;
      // Half of these are about an object that the user has liked or shared.
      case 6: {
        const chosen = (random(2) && model.anyOf('like', name, random)) || (object as string);
        const answer = await api.send('/activity', { verb: 'unlike', object: chosen });
        // What the user likes can always be taken back.
        if (model.likersOf(chosen).has(name) || !refused(answer, chosen)) {
          expect(answer.body.message).toBe(model.unlike(name, chosen));
        }
        break;
      }
      case 7: {
        const chosen = (random(2) && model.anyOf('share', name, random)) || model.anyPosted(random);
        if (!chosen) break;
        const answer = await api.send('/activity', { verb: 'unshare', object: chosen });
        if (model.sharersOf(chosen).includes(name) || !refused(answer, chosen)) {
          expect(answer.body.message).toBe(model.unshare(name, chosen));
        }
        break;
      }
      case 8: {
        const posted = model.anyPosted(random);
        if (!posted) break;
        const replyTo = random(2) ? model.anyComment(posted, random) : undefined;
        const body = { content: `${name} ${write}`, reply_to: replyTo && idOf(replyTo) };
        const answer = await api.send(`/objects/${posted}/comments`, body);
        if (answer.body.code === 'REPLY_INVALID') expect(model.isDoubtful(replyTo as string)).toBe(true);
        else if (!refused(answer, posted)) {
          model.commented(name, posted, `comment:${answer.body.object_id}`, replyTo);
        }
        break;
      }
      case 9: {
        const own = model.anyOwn(name, false, random);
        if (!own) break;
        model.doubt(own);
        const answer = await api.delete(`/objects/${own}`);
        if (refused(answer, own)) break;
        expect(answer.body.message).toBe('Object deleted');
        model.remove(own);
        break;
      }
      case 10: {
        const own = model.anyOwn(name, true, random);
        if (!own) break;
        const answer = await api.send(`/objects/${own}/restore`, {});
        if (refused(answer, own)) break;
        expect(answer.body.message).toBe('Object restored');
        model.restore(own);
      }
    }
  }
}
