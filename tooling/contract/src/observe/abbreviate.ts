// SPDX-License-Identifier: Apache-2.0

/** Writes long runs of one character as `s×300`. */
export function abbreviate(text: string): string {
  return text.replace(/(.)\1{19,}/g, (run, character: string) => `${character}×${run.length}`)
}
