/** A receiver, as listeners see it. */
export interface ReceiverInfo {
  /** The id of its stream in the checkpoint. */
  readonly streamId: string;
  readonly name: string;
  /** Whether it receives. */
  readonly active: boolean;
  /** Of the last error that it reported, or that stopped it; absent where there was none. */
  readonly lastErrorMessage?: string;
  readonly lastError?: string;
  /** Milliseconds since 1970. */
  readonly lastErrorTime?: number;
}

/** Is told what becomes of receivers. One that is restarted stops and starts again. */
export interface ReceiverListener {
  onReceiverStarted?(receiver: ReceiverInfo): void | Promise<void>;
  onReceiverError?(receiver: ReceiverInfo): void | Promise<void>;
  onReceiverStopped?(receiver: ReceiverInfo): void | Promise<void>;
}
