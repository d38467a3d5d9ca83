/** What Java's snappy writes before its chunks: a magic word and two version numbers. */
const HEADER = Buffer.from([0x82, ...Buffer.from('SNAPPY'), 0]);
const HEADER_BYTES = HEADER.length + 8;

/** Decompresses a block of snappy to the length that it says. */
export type DecompressBlock = (block: Uint8Array, length: number) => Uint8Array;

/** Decompresses what Java's snappy writes, chunks with their lengths, and a bare block of snappy, as other clients write it. */
export function decompressSnappy(bytes: Buffer, decompressBlock: DecompressBlock): Buffer {
  if (!bytes.subarray(0, HEADER.length).equals(HEADER)) return block(bytes, decompressBlock);
  const blocks: Buffer[] = [];
  for (let at = HEADER_BYTES; at < bytes.length; ) {
    const start = at + 4;
    at = start + bytes.readInt32BE(at);
    blocks.push(block(bytes.subarray(start, at), decompressBlock));
  }
  return Buffer.concat(blocks);
}

function block(bytes: Buffer, decompressBlock: DecompressBlock): Buffer {
  const decompressed = decompressBlock(bytes, uncompressedLength(bytes));
  return Buffer.from(decompressed.buffer, decompressed.byteOffset, decompressed.length);
}

/** The number that a block of snappy begins with: seven bits a byte, lowest first. */
function uncompressedLength(bytes: Buffer): number {
  let length = 0;
  for (let i = 0; i < 5; i++) {
    const byte = bytes.readUInt8(i);
    length += (byte & 0x7f) * 128 ** i;
    if (byte < 0x80) break;
  }
  return length;
}
