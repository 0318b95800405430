import { type Answer, type Message, message } from '../message';
import type { WriteService } from '../topics';

/** Asks a write service to send the events that it has recorded, as a read waits for them. */
export const SendEvents: Record<WriteService, Message<object, Answer<true>>> = {
  'social-graph': message('social-graph.send-events'),
  activity: message('activity.send-events'),
};
