/** The figures of a running context for Prometheus; only programs that import this load its client. */
export { PrometheusEndpoint, type PrometheusEndpointOptions } from './prometheus-endpoint.ts';
