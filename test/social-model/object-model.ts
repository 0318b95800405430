import type { ErrorCode } from '@activity-feed/contracts';

/** Whoever has the admin key. No user has this name. */
export const ADMIN = 'the admin key';

interface Deletion {
  readonly by: string;
  readonly restorableUntil: string;
}

/** What a comment hangs on, by names: a post or photo, the first-level comment of its thread, and what it replies to. */
export interface CommentPlace {
  readonly root: string;
  readonly thread: string | null;
  readonly replyTo: string | null;
}

interface ModelObject {
  readonly owner: string;
  /** The contents, the current one last. */
  readonly contents: string[];
  readonly place: CommentPlace | undefined;
  deletion: Deletion | undefined;
  /** The version in the owner's stream that last deleted or restored it. */
  changedBy: number;
}

/** The reference for objects, by names such as `photo:1`: who may delete and restore them, and who sees what of them. */
export class ObjectModel {
  private readonly all = new Map<string, ModelObject>();

  /** `isHidden`: whether nothing of a user exists for a viewer. */
  constructor(private readonly isHidden: (user: string, viewer: string) => boolean = () => false) {}

  add(name: string, owner: string, content: string, place?: CommentPlace): void {
    this.all.set(name, { owner, contents: [content], place, deletion: undefined, changedBy: 0 });
  }

  /** In the order in which they were added. */
  names(): string[] {
    return [...this.all.keys()];
  }

  ownerOf(name: string): string {
    return this.of(name).owner;
  }

  rootOf(name: string): string | undefined {
    return this.of(name).place?.root;
  }

  placeOf(name: string): CommentPlace | undefined {
    return this.of(name).place;
  }

  deletionOf(name: string): Deletion | undefined {
    return this.of(name).deletion;
  }

  contentsOf(name: string): readonly string[] {
    return this.of(name).contents;
  }

  /** A comment on a deleted object is as if deleted itself. */
  isLiving(name: string): boolean {
    return !this.of(name).deletion && !this.isRootDeleted(name);
  }

  /** The users whose object it is, or what it comments on. */
  ownersOf(name: string): string[] {
    const root = this.rootOf(name);
    return [this.ownerOf(name), ...(root === undefined ? [] : [this.ownerOf(root)])];
  }

  /** Whether the object is hidden from `viewer`, as one of its owners is. */
  isHiddenFrom(name: string, viewer: string): boolean {
    return this.ownersOf(name).some((owner) => this.isHidden(owner, viewer));
  }

  /** Whether the object exists for `reader`: a deleted one does only for its owner. */
  existsFor(name: string, reader: string): boolean {
    return this.isKept(name, reader) && !this.isHiddenFrom(name, reader);
  }

  /** Whether `actor` may like, share or comment on it. */
  isOpenTo(name: string, actor: string): boolean {
    return this.isLiving(name) && !this.isHiddenFrom(name, actor);
  }

  answerToDelete(by: string, name: string): 'Object deleted' | 'Already deleted' | ErrorCode {
    const { deletion } = this.of(name);
    if (!this.mayKnow(by, name)) return 'OBJECT_NOT_FOUND';
    if (!this.mayDelete(by, name)) return this.concealing(by, name, 'NOT_OWNER');
    return deletion && (by !== ADMIN || deletion.by === ADMIN) ? 'Already deleted' : 'Object deleted';
  }

  answerToRestore(by: string, name: string): 'Object restored' | 'Not deleted' | ErrorCode {
    const { deletion } = this.of(name);
    if (!this.mayKnow(by, name)) return 'OBJECT_NOT_FOUND';
    if (!this.mayDelete(by, name)) return this.concealing(by, name, 'NOT_OWNER');
    if (!deletion) return 'Not deleted';
    return deletion.by === by ? 'Object restored' : this.concealing(by, name, 'NOT_DELETER');
  }

  answerToEdit(actor: string, name: string, content: string): 'Object edited' | 'Not changed' | ErrorCode {
    const { owner, contents } = this.of(name);
    if (!this.existsFor(name, actor)) return 'OBJECT_NOT_FOUND';
    if (owner !== actor) return 'NOT_OWNER';
    return contents.at(-1) === content ? 'Not changed' : 'Object edited';
  }

  /** `version`: that of the event in the owner's stream. The events of several deleters may be reported in any order. */
  deleted(name: string, by: string, restorableUntil: string, version: number): void {
    this.change(name, { by, restorableUntil }, version);
  }

  restored(name: string, version: number): void {
    this.change(name, undefined, version);
  }

  edited(name: string, content: string): void {
    this.of(name).contents.push(content);
  }

  /**
   * What `reader` sees in the list of comments on a post or photo at the first level, or of the replies to a comment, in
   * the order of addition.
   */
  listed(name: string, reader: string): string[] {
    if (this.isRootDeleted(name) || (this.rootOf(name) === undefined && !this.isLiving(name))) return [];
    return this.commentsIn(name)
      .filter((comment) => this.isLiving(comment) || this.countReplies(comment) > 0)
      .filter((comment) => !this.isHiddenFrom(comment, reader));
  }

  /** Living comments on a post or photo, replies included; the living replies to a comment. */
  countComments(name: string): number {
    if (this.rootOf(name) !== undefined) return this.countReplies(name);
    return this.names().filter((comment) => this.rootOf(comment) === name && this.isLiving(comment)).length;
  }

  /** Whether the comments on an object can be read: those of a deleted comment too, while it has living replies. */
  hasCommentsFor(name: string, reader: string): boolean {
    if (this.isHiddenFrom(name, reader)) return false;
    return this.isKept(name, reader) || (this.rootOf(name) !== undefined && this.countReplies(name) > 0);
  }

  /** First-level comments, or replies, of which some may be deleted. */
  private commentsIn(name: string): string[] {
    return this.names().filter((comment) => {
      const place = this.placeOf(comment);
      return place && (place.thread ?? place.root) === name;
    });
  }

  private countReplies(comment: string): number {
    return this.commentsIn(comment).filter((reply) => this.isLiving(reply)).length;
  }

  private change(name: string, deletion: Deletion | undefined, version: number): void {
    const object = this.of(name);
    if (version < object.changedBy) return;
    object.deletion = deletion;
    object.changedBy = version;
  }

  /** The owner, the owner of what a comment hangs on, and whoever has the admin key. */
  private mayDelete(by: string, name: string): boolean {
    const root = this.rootOf(name);
    return by === ADMIN || by === this.ownerOf(name) || (root !== undefined && by === this.ownerOf(root));
  }

  /** Whether the object exists for whoever deletes or restores it: a deleted one does for its owner and its deleter. */
  private mayKnow(by: string, name: string): boolean {
    return by === ADMIN || this.isKept(name, by) || (!this.isRootDeleted(name) && this.deletionOf(name)?.by === by);
  }

  /** `error` would reveal that the object exists: whoever it is hidden from gets another one. */
  private concealing(by: string, name: string, error: ErrorCode): ErrorCode {
    return this.isHiddenFrom(name, by) ? 'OBJECT_NOT_FOUND' : error;
  }

  /** Whether the object is not deleted, or is `reader`'s. */
  private isKept(name: string, reader: string): boolean {
    const { deletion, owner } = this.of(name);
    return !this.isRootDeleted(name) && (!deletion || owner === reader);
  }

  private isRootDeleted(name: string): boolean {
    const root = this.rootOf(name);
    return root !== undefined && this.of(root).deletion !== undefined;
  }

  private of(name: string): ModelObject {
    return this.all.get(name) as ModelObject;
  }
}
