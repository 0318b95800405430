import type { StreamCommand } from './command-kind';

/** Commands in progress that have idempotency keys. Those with the same key run in the order in which they came. */
export class KeysInProgress {
  private readonly commands = new Map<string, StreamCommand[]>();

  add(command: StreamCommand): void {
    const name = nameOf(command);
    if (name !== undefined) this.commands.set(name, [...(this.commands.get(name) ?? []), command]);
  }

  remove(command: StreamCommand): void {
    const name = nameOf(command);
    if (name === undefined) return;
    const others = (this.commands.get(name) ?? []).filter((other) => other !== command);
    if (others.length > 0) this.commands.set(name, others);
    else this.commands.delete(name);
  }

  /** Whether an earlier command with the same key is in progress. */
  isBehind(command: StreamCommand): boolean {
    const name = nameOf(command);
    const first = name === undefined ? undefined : this.commands.get(name)?.[0];
    return first !== undefined && first !== command;
  }
}

const nameOf = ({ idempotency }: StreamCommand): string | undefined =>
  idempotency && `${idempotency.caller} ${idempotency.key}`;
