import type { Admin, Consumer, Kafka, Producer, RequestEvent, RequestTimeoutEvent } from 'kafkajs';

/** For metrics. */
export interface KafkaObserver {
  /** Called with the name of a request, such as `Fetch`, and the milliseconds until its answer. */
  answered(request: string, after: number): void;
  timedOut(request: string): void;
  /** Called with the name of a request and the error that its answer has, such as `NOT_LEADER_FOR_PARTITION`. */
  failed(request: string, error: string): void;
}

/** Reports the requests of all clients that `kafka` creates. */
export function observeRequests(kafka: Kafka, observer: KafkaObserver): void {
  const answered = ({ payload }: RequestEvent) => observer.answered(payload.apiName, payload.duration);
  const timedOut = ({ payload }: RequestTimeoutEvent) => observer.timedOut(payload.apiName);
  const observed = <Client extends Admin | Consumer | Producer>(client: Client): Client => {
    // The clients' types have no common one for this.
    const { events, on } = client as Producer;
    on(events.REQUEST, answered);
    on(events.REQUEST_TIMEOUT, timedOut);
    return client;
  };
  const { admin, consumer, producer } = kafka;
  kafka.admin = (config) => observed(admin.call(kafka, config));
  kafka.consumer = (config) => observed(consumer.call(kafka, config));
  kafka.producer = (config) => observed(producer.call(kafka, config));
}
