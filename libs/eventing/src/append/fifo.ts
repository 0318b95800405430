interface Link<T> {
  readonly value: T;
  next: Link<T> | undefined;
}

/** A queue as a linked list: `push` and `shift` take constant time. */
export class Fifo<T> {
  private first: Link<T> | undefined;
  private last: Link<T> | undefined;

  get head(): T | undefined {
    return this.first?.value;
  }

  push(value: T): void {
    const link = { value, next: undefined };
    if (this.last) this.last.next = link;
    else this.first = link;
    this.last = link;
  }

  shift(): T | undefined {
    const link = this.first;
    this.first = link?.next;
    if (!this.first) this.last = undefined;
    return link?.value;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let link = this.first; link; link = link.next) yield link.value;
  }
}
