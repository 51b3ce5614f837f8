/**
 * A frame is the unit in which the wallet's file grows: everything that happened since the frame before, written and synced
 * together. It is read back whole or not at all.
 *
 *   0 magic   4 payload bytes   8 number (uint48)   14 zero   16 CRC-32 of bytes 0..16 and the payload   20 payload
 */
import { crc32 } from 'node:zlib';

/** `WLF1` read as a little-endian number. */
const MAGIC = 0x31464c57;
export const FRAME_HEADER_BYTES = 20;
/** A length beyond this is no length but damage: a turn of the wallet is bounded far below it. */
export const MAX_FRAME_BYTES = 1 << 30;

export interface FrameHeader {
  readonly payloadBytes: number;
  /** Frames are numbered from 1 without gaps. */
  readonly number: number;
  readonly crc: number;
}

/** Writes the header of the frame that begins at byte 0 of the buffer and ends at `end`; its payload is there already. */
export function sealFrame(frame: Buffer, end: number, number: number): void {
  frame.writeUInt32LE(MAGIC, 0);
  frame.writeUInt32LE(end - FRAME_HEADER_BYTES, 4);
  frame.writeUIntLE(number, 8, 6);
  frame.writeUInt16LE(0, 14);
  frame.writeUInt32LE(checksum(frame, end), 16);
}

/** Reads a header; undefined if these bytes are none. */
export function readHeader(bytes: Buffer): FrameHeader | undefined {
  if (bytes.length < FRAME_HEADER_BYTES || bytes.readUInt32LE(0) !== MAGIC) return undefined;
  const payloadBytes = bytes.readUInt32LE(4);
  if (payloadBytes > MAX_FRAME_BYTES) return undefined;
  return { payloadBytes, number: bytes.readUIntLE(8, 6), crc: bytes.readUInt32LE(16) };
}

/** True if the frame, header and payload, is as it was written. */
export function isIntact(frame: Buffer): boolean {
  const header = readHeader(frame);
  if (header === undefined || frame.length !== FRAME_HEADER_BYTES + header.payloadBytes) return false;
  return checksum(frame, frame.length) === header.crc;
}

/** First place at or after `from` where a header may begin; -1 if there is none. */
export function findMagic(bytes: Buffer, from: number): number {
  const magic = Buffer.alloc(4);
  magic.writeUInt32LE(MAGIC);
  return bytes.indexOf(magic, from);
}

function checksum(frame: Buffer, end: number): number {
  return crc32(frame.subarray(FRAME_HEADER_BYTES, end), crc32(frame.subarray(0, 16)));
}
