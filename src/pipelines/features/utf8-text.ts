const ENCODER = new TextEncoder();

/** A UTF-16 surrogate without its other half. Java writes a question mark for it. */
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** The UTF-8 bytes of one text after another, each in the place of the one before it, so that none takes memory of its own. */
export class Utf8Text {
  /** Valid to the length that `set` gave last. */
  bytes = new Uint8Array(64);

  /** Puts a text in `bytes`; gives how many it has. */
  set(text: string): number {
    const { length } = text;
    if (3 * length > this.bytes.length) this.bytes = new Uint8Array(6 * length);
    const { bytes } = this;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) return ENCODER.encodeInto(text.replace(LONE_SURROGATE, '?'), bytes).written;
      bytes[i] = unit;
    }
    return length;
  }
}
