// SPDX-License-Identifier: Apache-2.0

/** Splits text that comes in pieces at its line feeds, and at nothing else: JSON may hold any other line separator. */
export function createLineSplitter(onLine: (line: string) => void): (piece: string) => void {
  let rest = ''
  return (piece) => {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  }
}
