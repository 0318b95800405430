import type { Commands } from '../../services/gateway/src/commands/commands';

type Send = (message: unknown, command: unknown, reply: unknown) => Promise<unknown>;

/** Commands that `send` gets as they are sent for a request without an idempotency key. */
export function commandsOf(send: (...sent: never[]) => Promise<unknown>): Commands {
  const prepareAndSend = async (message: unknown, command: unknown, reply: unknown) => {
    const prepared = typeof command === 'function' ? await command() : command;
    return (send as unknown as Send)(message, prepared, reply);
  };
  return { send: prepareAndSend, carryOut: prepareAndSend } as unknown as Commands;
}
