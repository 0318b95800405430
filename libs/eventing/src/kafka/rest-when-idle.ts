import RequestQueue from 'kafkajs/src/network/requestQueue';

const { prototype } = RequestQueue;
const schedule = prototype.scheduleCheckPendingRequests;

/**
 * Sets no timer for requests while none is pending. kafkajs 2.2.4 does, 900 times a second on each connection, which
 * costs an idle service 6 % of a core (tulios/kafkajs#1704). Sending and answers check the queue without the timer.
 */
export function restWhenIdle(): void {
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length > 0) schedule.call(this);
  };
}
