import { decodeEvent } from '@activity-feed/contracts';
import type { PartitionPlace, ReceivedMessage } from '@activity-feed/eventing';
import { type Effects, effectsOf } from '../activity/effects';

export interface DeadLetter extends PartitionPlace {
  message: ReceivedMessage;
  reason: string;
}

export interface DecodedMessages {
  effects: Effects[];
  deadLetters: DeadLetter[];
  /** Unknown event types, one entry per message. */
  unknownTypes: string[];
}

/** Decodes messages into effects to write, messages to dead-letter and unknown types to skip. */
export function decodeMessages(place: PartitionPlace, messages: ReceivedMessage[]): DecodedMessages {
  const sorted: DecodedMessages = { effects: [], deadLetters: [], unknownTypes: [] };
  for (const message of messages) {
    const decoded = decodeEvent(message.headers, message.value?.toString('utf8') ?? null);
    if (decoded.kind === 'event') sorted.effects.push(placed(effectsOf(decoded.event), place, message));
    else if (decoded.kind === 'unknown') sorted.unknownTypes.push(decoded.type);
    else sorted.deadLetters.push({ ...place, message, reason: decoded.reason });
  }
  return sorted;
}

/** With the place of the event in the log, which decides whether users have seen it. */
function placed(effects: Effects, { partition }: PartitionPlace, { offset }: ReceivedMessage): Effects {
  for (const row of [effects.activity ?? [], effects.notices ?? []].flat()) {
    row.logPartition = partition;
    row.logOffset = Number(offset);
  }
  effects.partition = partition;
  effects.offset = Number(offset);
  return effects;
}
