/**
 * The side files `.name.crc` that Hadoop, and so Spark, writes beside every file on a local disk: a header, the size of a chunk, and the
 * CRC-32 of each chunk. Spark checks them too.
 */
import { crc32 } from 'node:zlib';

const HEADER = Buffer.from('crc\0', 'latin1');
const CHUNK_BYTES = 512;

export function checksumName(file: string): string {
  return `.${file}.crc`;
}

/** The content of the side file. */
export function checksums(content: Uint8Array, chunkBytes = CHUNK_BYTES): Buffer {
  const chunks = Math.ceil(content.length / chunkBytes);
  const side = Buffer.alloc(HEADER.length + 4 + 4 * chunks);
  HEADER.copy(side);
  side.writeUInt32BE(chunkBytes, HEADER.length);
  for (let i = 0; i < chunks; i++) {
    side.writeUInt32BE(crc32(content.subarray(i * chunkBytes, (i + 1) * chunkBytes)), HEADER.length + 4 + 4 * i);
  }
  return side;
}

/** Whether the content is as the side file says. A file of another make says nothing, and so does one of no length. */
export function agrees(content: Uint8Array, side: Buffer): boolean {
  if (side.length < HEADER.length + 4 || !side.subarray(0, HEADER.length).equals(HEADER)) return true;
  const chunkBytes = side.readUInt32BE(HEADER.length);
  return chunkBytes > 0 && checksums(content, chunkBytes).equals(side);
}
