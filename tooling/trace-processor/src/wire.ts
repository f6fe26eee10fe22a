// SPDX-License-Identifier: Apache-2.0

/** One field of a protobuf message: a varint as bigint, anything else as its bytes. */
export type WireField = readonly [number: number, value: bigint | Uint8Array]

/** The fields of a protobuf message, in order. */
export function* readFields(message: Uint8Array): Generator<WireField> {
  const cursor = { offset: 0 }
  const take = (length: number) => message.subarray(cursor.offset, (cursor.offset += length))
  while (cursor.offset < message.length) {
    const tag = Number(readVarint(message, cursor))
    switch (tag & 7) {
      case 0:
        yield [tag >>> 3, readVarint(message, cursor)]
        break
      case 1:
        yield [tag >>> 3, take(8)]
        break
      case 2:
        yield [tag >>> 3, take(Number(readVarint(message, cursor)))]
        break
      case 5:
        yield [tag >>> 3, take(4)]
        break
      default:
        throw new Error(`unknown protobuf wire type ${tag & 7}`)
    }
  }
}

/** The elements of a packed field of varints. */
export function* readPackedVarints(bytes: Uint8Array): Generator<bigint> {
  const cursor = { offset: 0 }
  while (cursor.offset < bytes.length) yield readVarint(bytes, cursor)
}

function readVarint(bytes: Uint8Array, cursor: { offset: number }): bigint {
  let value = 0n
  for (let shift = 0n; ; shift += 7n) {
    const byte = bytes[cursor.offset++]
    if (byte === undefined) throw new Error('protobuf message ends inside a varint')
    value |= BigInt(byte & 0x7f) << shift
    if (byte < 0x80) return value
  }
}

/** Encodes a field that holds bytes, text or another message. */
export function bytesField(number: number, content: Uint8Array): Uint8Array {
  return Buffer.concat([varint((number << 3) | 2), varint(content.length), content])
}

/** Encodes a field that holds an unsigned integer below 2^53. */
export function varintField(number: number, value: number): Uint8Array {
  return Buffer.concat([varint(number << 3), varint(value)])
}

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) | 0x80)
  bytes.push(value)
  return Uint8Array.from(bytes)
}
