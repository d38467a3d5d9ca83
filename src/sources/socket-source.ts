import type { Duration } from '../batch/duration.ts';
import type { Clock } from '../host/clock.ts';
import type { Log } from '../host/log.ts';
import { type ReceiverOptions, ReceiverSource } from './receiver-source.ts';
import { type ConnectionOptions, type SocketConverter, SocketReceiver } from './socket-receiver.ts';
import { textLines } from './text-lines.ts';

export interface SocketOptions extends ConnectionOptions, Omit<ReceiverOptions, 'restartDelay'> {
  /** Pause before connecting again. Default 2000 ms, Spark's. */
  readonly reconnectDelay?: Duration;
}

/** What of the options concerns the stream rather than the connection. */
export function receiverOptionsOf({ reconnectDelay, ...options }: SocketOptions): ReceiverOptions {
  return reconnectDelay === undefined ? options : { ...options, restartDelay: reconnectDelay };
}

/** What receives the lines of text that a TCP server sends. */
export function lineReceiver(host: string, port: number, options: SocketOptions): SocketReceiver<string> {
  // A sender that can resume gives an unfinished line again, whole; it would not end in the middle of one.
  const breaksOff = options.resume ? 'refused' : 'a line';
  const lines: SocketConverter<string> = (bytes) => textLines(bytes, { breaksOff });
  return new SocketReceiver('socketTextStream', host, port, lines, options);
}

/** Lines of UTF-8 text from a TCP server. The offset is the number of lines received. */
export class SocketSource extends ReceiverSource<string> {
  constructor(host: string, port: number, clock: Clock, log: Log, options: SocketOptions = {}) {
    super(
      lineReceiver(host, port, options),
      { name: `socket ${host}:${port}`, streamId: 'socket' },
      clock,
      log,
      receiverOptionsOf(options),
    );
  }
}
