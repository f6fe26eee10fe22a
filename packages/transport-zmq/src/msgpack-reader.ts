// SPDX-License-Identifier: Apache-2.0
import { WireFloat } from '@dynamo-agent/core'

/** Deeper nesting is refused, so that no message can exhaust the stack. */
const MAX_DEPTH = 64

const text = new TextDecoder()

/**
 * The first value of a msgpack message; what follows it is ignored. Unlike the
 * usual decoders it keeps apart what Dynamo keeps apart: a whole number that
 * was sent as a float comes back as a WireFloat. Extension types, which no
 * tool event has, come back as undefined.
 *
 * @throws RangeError when the message is cut off, nested too deep or no msgpack.
 */
export function readMsgpack(bytes: Uint8Array): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let offset = 0
  return readValue(0)

  function readValue(depth: number): unknown {
    if (depth > MAX_DEPTH) throw new RangeError('nested too deep')
    const type = view.getUint8(offset++)
    if (type <= 0x7f) return type
    if (type <= 0x8f) return readMap(type & 0x0f, depth)
    if (type <= 0x9f) return readArray(type & 0x0f, depth)
    if (type <= 0xbf) return readText(type & 0x1f)
    if (type >= 0xe0) return type - 0x100
    switch (type) {
      case 0xc0:
        return null
      case 0xc2:
        return false
      case 0xc3:
        return true
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return take(readUnsigned(1 << (type - 0xc4)))
      case 0xc7:
      case 0xc8:
      case 0xc9:
        advance(readUnsigned(1 << (type - 0xc7)) + 1)
        return undefined
      case 0xca:
        return asFloat(view.getFloat32(advance(4)))
      case 0xcb:
        return asFloat(view.getFloat64(advance(8)))
      case 0xcc:
      case 0xcd:
      case 0xce:
      case 0xcf:
        return readUnsigned(1 << (type - 0xcc))
      case 0xd0:
        return view.getInt8(advance(1))
      case 0xd1:
        return view.getInt16(advance(2))
      case 0xd2:
        return view.getInt32(advance(4))
      case 0xd3:
        return Number(view.getBigInt64(advance(8)))
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        advance((1 << (type - 0xd4)) + 1)
        return undefined
      case 0xd9:
      case 0xda:
      case 0xdb:
        return readText(readUnsigned(1 << (type - 0xd9)))
      case 0xdc:
      case 0xdd:
        return readArray(readUnsigned(2 << (type - 0xdc)), depth)
      case 0xde:
      case 0xdf:
        return readMap(readUnsigned(2 << (type - 0xde)), depth)
      default:
        throw new RangeError('no msgpack')
    }
  }

  function readUnsigned(size: number): number {
    const at = advance(size)
    if (size === 1) return view.getUint8(at)
    if (size === 2) return view.getUint16(at)
    return size === 4 ? view.getUint32(at) : Number(view.getBigUint64(at))
  }

  function readText(size: number): string {
    return text.decode(take(size))
  }

  // Each item takes a byte at least, so a size that lies ends at the end of the message.
  function readArray(size: number, depth: number): unknown[] {
    const items: unknown[] = []
    while (items.length < size) items.push(readValue(depth + 1))
    return items
  }

  function readMap(size: number, depth: number): object {
    const entries: [string, unknown][] = []
    while (entries.length < size) {
      const key = readValue(depth + 1)
      if (typeof key !== 'string' && typeof key !== 'number') throw new RangeError('a key that is no text')
      entries.push([String(key), readValue(depth + 1)])
    }
    // fromEntries defines its keys, so that one called __proto__ is a key as any other.
    return Object.fromEntries(entries)
  }

  function take(size: number): Uint8Array {
    const start = advance(size)
    return bytes.subarray(start, start + size)
  }

  function advance(size: number): number {
    const at = offset
    offset += size
    if (offset > bytes.byteLength) throw new RangeError('cut off')
    return at
  }
}

function asFloat(value: number): number | WireFloat {
  return Number.isInteger(value) ? new WireFloat(value) : value
}
