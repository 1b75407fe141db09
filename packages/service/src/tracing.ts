// Traces with OpenTelemetry. Imported only where OTEL_EXPORTER_OTLP_ENDPOINT is set, so it costs nothing otherwise.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Attributes, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

/** A step of a request. */
export type Step = {
  /** For a header: whatever it reaches continues here. */
  readonly traceparent: string;
  readonly set: (attributes: Attributes) => void;
  /** @param failure why it failed, if it did */
  readonly end: (failure?: string) => void;
};

export type Tracing = {
  /** @param parent the `traceparent` that it continues; without one, a trace begins */
  readonly start: (name: string, kind: 'server' | 'client', parent: string | undefined, attributes: Attributes) => Step;
  /** Sends what is left. */
  readonly stop: () => Promise<void>;
};

const MAX_STOP_MS = 1000; // where no collector responds

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT } as const;

/** @param endpoint of the collector, such as http://localhost:4318 @param attributes of this process */
export const startTracing = (endpoint: URL, attributes: Attributes): Tracing => {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.href.replace(/\/$/, '')}/v1/traces` });
  const provider = new TracerProvider({
    resource: resourceFromAttributes(attributes),
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: 1000 })],
  });
  const tracer = provider.getTracer('container-counter');
  return {
    start: (name, kind, parent, own) => {
      const context = parent === undefined ? ROOT_CONTEXT : contextOf(parent);
      return stepOf(tracer.startSpan(name, { kind: KINDS[kind], attributes: own }, context));
    },
    stop: () => Promise.race([provider.shutdown().catch(() => {}), sleep(MAX_STOP_MS, undefined, { ref: false })]),
  };
};

const contextOf = (traceparent: string) => {
  const [, traceId = '', spanId = '', flags = ''] = traceparent.split('-');
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & 1,
    isRemote: true,
  });
};

const stepOf = (span: Span): Step => {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    traceparent: `00-${traceId}-${spanId}-0${traceFlags & 1}`,
    set: (attributes) => void span.setAttributes(attributes),
    end: (failure) => {
      if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
      span.end();
    },
  };
};
