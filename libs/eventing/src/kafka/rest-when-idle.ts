import RequestQueue from 'kafkajs/src/network/requestQueue';

const { prototype } = RequestQueue;
const schedule = prototype.scheduleCheckPendingRequests;

/**
 * Sets no timer for requests while none is pending. kafkajs 2.2.4 does, as often as once a millisecond on each
 * connection (tulios/kafkajs#1704). Sending and answers check the queue without the timer.
 */
export function restWhenIdle(): void {
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length > 0) schedule.call(this);
  };
}
