// SPDX-License-Identifier: Apache-2.0

const BLOCK = 512

/** The files of a tar archive, as npm writes it: short names, so no extension headers to follow. */
export function* readTar(archive: Uint8Array): Generator<readonly [path: string, content: Uint8Array]> {
  const text = (start: number, end: number) => {
    const field = archive.subarray(start, end)
    const stop = field.indexOf(0)
    return Buffer.from(stop === -1 ? field : field.subarray(0, stop)).toString()
  }
  let offset = 0
  while (offset + BLOCK <= archive.length && archive[offset] !== 0) {
    const path = text(offset, offset + 100)
    const size = Number.parseInt(text(offset + 124, offset + 136), 8)
    const start = offset + BLOCK
    yield [path, archive.subarray(start, start + size)]
    offset = start + Math.ceil(size / BLOCK) * BLOCK
  }
}
