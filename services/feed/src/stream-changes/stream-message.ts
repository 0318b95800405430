/** The kinds of events of a stream. */
export type StreamEvent = 'position' | 'entry' | 'notification' | 'removed' | 'count' | 'stale';

/** `data`: JSON without line breaks. */
export interface StreamMessage {
  readonly event: StreamEvent;
  readonly data: string;
}

export const STALE: StreamMessage = { event: 'stale', data: '{}' };

/**
 * The text of messages as server-sent events. Whoever resumes continues after the last id that was received, so only the last
 * message has one: the position up to which all of them belong.
 */
export function toText(messages: readonly StreamMessage[], position: string | undefined): string {
  const last = messages.length - 1;
  return messages
    .map(({ event, data }, place) => {
      const id = place === last && position !== undefined ? `id: ${position}\n` : '';
      return `${id}event: ${event}\ndata: ${data}\n\n`;
    })
    .join('');
}

/** A comment, which keeps the connection open, and the newest position: clients keep it without an event. */
export const heartbeat = (position: string | undefined): string =>
  position === undefined ? ':\n\n' : `:\nid: ${position}\n\n`;
