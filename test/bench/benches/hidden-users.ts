import { fromMilliseconds, type Microseconds, type UserId } from '@activity-feed/contracts';
import { TimelineIndex } from '../../../services/feed/dist/timeline-index/timeline-index.js';
import type { Benchmark, Figure } from '../benchmark.ts';
import { FOLLOWEES, HIDDEN, HIDDEN_PAGE, HIDDEN_SHARES, WORST_PAGE } from '../hidden-users/section.ts';
import { drawAuthor, filledIndex, PAGE, timeOfPages } from '../measure/filled-index.ts';

const VIEWER = 2_000_000_000 as UserId;

/** Pages from an index for a viewer from whom users are hidden, in this process, in turn with pages for one who sees all. */
export const hiddenUsers: Benchmark = {
  name: 'hidden-users',
  reference: () => 'the same page for a viewer from whom nobody is hidden',
  async run({ sizes }) {
    const { activities, authors } = sizes.index;
    const hidden = Math.min(HIDDEN, authors / 20);
    const index = filledIndex(activities, authors, () => ownerOf(authors, hidden));
    const pages = (viewer: UserId | undefined) =>
      timeOfPages(index, authors, FOLLOWEES, (actors) => pageOf(index, actors, viewer));
    hide(index, authors, hidden);
    // Warm up.
    for (const viewer of [undefined, VIEWER]) pages(viewer);
    const rounds = Array.from({ length: sizes.rounds }, () => [pages(undefined), pages(VIEWER)] as const);
    const figures: Figure[] = [
      {
        name: HIDDEN_PAGE,
        unit: 'µs',
        ours: rounds.map(([, ours]) => ours),
        reference: rounds.map(([reference]) => reference),
      },
    ];
    return [...figures, worstCase(sizes.rounds)];
  },
};

/** One of the hidden users, who are those after the authors, in a fifth of the draws. */
const ownerOf = (authors: number, hidden: number): number =>
  Math.random() < 0.2 ? authors + 1 + Math.floor(Math.random() * hidden) : drawAuthor(authors);

function hide(index: TimelineIndex, authors: number, hidden: number): void {
  for (let place = 1; place <= hidden; place++) {
    index.viewers.change({
      userId: VIEWER,
      otherId: (authors + place) as UserId,
      kind: 'mute',
      holds: true,
      until: null,
    });
  }
}

/** A followee whose newest shares are all about a hidden user, beside one with visible activities. */
function worstCase(rounds: number): Figure {
  const index = new TimelineIndex({ budget: HIDDEN_SHARES + 10 * PAGE, followeeBudget: 1 });
  const start = fromMilliseconds(Date.now() - 86_400_000);
  const add = (place: number, actor: number, target: number) =>
    index.addRow({
      time: (start + place) as Microseconds,
      id: [place, 0, 0, 0],
      actor: index.users.number(actor),
      verb: 'share',
      objectType: 'photo',
      objectId: 1 + place,
      target: index.users.number(target),
    });
  for (const user of [1, 2, 3]) index.addUser(user, `user_${user}`);
  for (let place = 0; place < 2 * PAGE; place++) add(place, 2, 2);
  for (let place = 0; place < HIDDEN_SHARES; place++) add(2 * PAGE + place, 1, 3);
  index.viewers.change({ userId: VIEWER, otherId: 3 as UserId, kind: 'mute', holds: true, until: null });
  const actors = Uint32Array.from([1, 2], (user) => index.users.number(user)).sort();
  const measure = () => {
    const startedAt = performance.now();
    if (pageOf(index, actors, VIEWER) !== PAGE + 1) throw new Error('the page is not full');
    return performance.now() - startedAt;
  };
  for (let turn = 0; turn < 20; turn++) measure();
  return { name: WORST_PAGE, unit: 'ms', ours: Array.from({ length: rounds }, measure) };
}

/** Reads a page as a viewer sees it, and writes its bytes. Returns its number of rows, the one more included. */
function pageOf(index: TimelineIndex, actors: Uint32Array, viewer: UserId | undefined): number {
  const view = viewer && index.viewers.viewOf(viewer, 'unasked');
  const found = [];
  for (let before: Parameters<TimelineIndex['find']>[2]; ; ) {
    const { rows, stoppedAt } = index.find(actors, PAGE + 1 - found.length, before, view);
    found.push(...rows);
    if (stoppedAt === undefined) break;
    before = stoppedAt;
  }
  index.entryJson.write(Uint32Array.from(found), 0, Math.min(found.length, PAGE));
  return found.length;
}
