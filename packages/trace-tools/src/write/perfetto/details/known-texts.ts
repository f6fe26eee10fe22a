// SPDX-License-Identifier: Apache-2.0

interface KnownText {
  readonly utf8: Uint8Array
  readonly id: number
}

/** Length and first byte tell almost all texts of a short list apart. */
const SLOTS = 64

/** Finds numbers of texts by their bytes, without making strings of them. */
export class KnownTexts {
  readonly #slots: readonly KnownText[][] = Array.from({ length: SLOTS }, () => [])

  constructor(texts: Iterable<readonly [text: string, id: number]>) {
    for (const [text, id] of texts) {
      const utf8 = new TextEncoder().encode(text)
      this.#slots[slotOf(utf8, 0, utf8.length)]?.push({ utf8, id })
    }
  }

  /** The number of a text, 0 where it is not known. */
  find(bytes: Uint8Array, start: number, length: number): number {
    const slot = this.#slots[slotOf(bytes, start, length)] ?? []
    for (const known of slot) {
      if (known.utf8.length === length && standsAt(bytes, start, known.utf8)) return known.id
    }
    return 0
  }
}

function slotOf(bytes: Uint8Array, start: number, length: number): number {
  return (length + (bytes[start] ?? 0)) % SLOTS
}

function standsAt(bytes: Uint8Array, start: number, utf8: Uint8Array): boolean {
  for (let index = 0; index < utf8.length; index++) if (bytes[start + index] !== utf8[index]) return false
  return true
}
