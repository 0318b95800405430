import { DiagLogLevel, diag, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { samplerFrom } from './sampler';
import { beginTracing } from './spans';
import { stopsWith } from './stop-traces';

/** Sends the spans of this process to the collector that the OTEL_ variables name. */
export function exportTraces(service: string): void {
  reportProblems(service);
  const { OTEL_BSP_SCHEDULE_DELAY: delay, OTEL_BSP_MAX_QUEUE_SIZE: queue } = process.env;
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': service }))
      .merge(detectResources({ detectors: [envDetector] })),
    sampler: samplerFrom(process.env),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter(),
        ...(delay && { scheduledDelayMillis: Number(delay) }),
        ...(queue && { maxQueueSize: Number(queue) }),
      }),
    ],
  });
  trace.setGlobalTracerProvider(provider);
  stopsWith(() => provider.shutdown());
  beginTracing();
}

/** Writes what the SDK reports, such as an unreachable collector, in the log's format: the logger does not exist yet. */
function reportProblems(service: string): void {
  const write =
    (level: number) =>
    (message: string, ...details: unknown[]) => {
      const msg = `traces: ${[message, ...details].map(textOf).join(' ')}`;
      process.stdout.write(`${JSON.stringify({ level, time: new Date().toISOString(), service, msg })}\n`);
    };
  const ignore = () => undefined;
  diag.setLogger(
    { error: write(40), warn: write(40), info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN },
  );
}

const textOf = (part: unknown) => (part instanceof Error ? part.message : String(part));
