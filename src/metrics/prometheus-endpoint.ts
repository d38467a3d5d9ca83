import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { messageOf, type StreamingContext, UsageError } from '../index.ts';
import { StreamingGauges } from './streaming-gauges.ts';

export interface PrometheusEndpointOptions {
  /** 0 takes any that is free. Default 9464. */
  readonly port?: number;
  /** Address to listen on. Default 127.0.0.1: whoever is on this machine, and nobody else. */
  readonly host?: string;
}

/**
 * Serves the figures of a context at `http://HOST:PORT/metrics`, in the text that Prometheus reads. It keeps no process alive.
 *
 *     const endpoint = await PrometheusEndpoint.listen(context);
 */
export class PrometheusEndpoint {
  readonly #server: http.Server;
  readonly #forget: () => void;

  private constructor(server: http.Server, forget: () => void) {
    this.#server = server;
    this.#forget = forget;
  }

  /** Throws `UsageError` (`bad-option`) where it can't listen there. */
  static async listen(
    context: StreamingContext,
    { port = 9464, host = '127.0.0.1' }: PrometheusEndpointOptions = {},
  ): Promise<PrometheusEndpoint> {
    const registry = new Registry();
    const gauges = new StreamingGauges(registry);
    const server = http.createServer((request, response) => void answer(request, response, registry)).unref();
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause) => {
        const why = `can't listen on ${host}:${port} (${messageOf(cause)})`;
        reject(new UsageError('bad-option', `metrics: ${why}`, { cause }));
      });
      server.listen(port, host, resolve);
    });
    context.addStreamingListener(gauges);
    return new PrometheusEndpoint(server, () => context.removeStreamingListener(gauges));
  }

  /** Where it is to be read. */
  get url(): string {
    const { address, family, port } = this.#server.address() as AddressInfo;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/metrics`;
  }

  /** Harmless when called twice. */
  async close(): Promise<void> {
    this.#forget();
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function answer(request: http.IncomingMessage, response: http.ServerResponse, registry: Registry): Promise<void> {
  const known = request.url === '/metrics' && request.method === 'GET';
  const text = known ? await registry.metrics() : 'The figures are at /metrics.\n';
  response.writeHead(known ? 200 : 404, { 'content-type': known ? registry.contentType : 'text/plain' }).end(text);
}
