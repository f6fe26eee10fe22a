// SPDX-License-Identifier: Apache-2.0
import type { gzipDamages } from './damage/gzip.ts'
import type { textDamages } from './damage/text.ts'

/** How many cases there are of each kind of damage. */
type CaseCounts<Damages> = Readonly<Record<keyof Damages & string, number>>

export const textCases: CaseCounts<typeof textDamages> = {
  'other values': 3500,
  'flipped bytes': 3500,
  'garbage lines': 2000,
  'a missing piece': 2000,
  'a piece of another file': 2000,
  'a cut end': 1500,
  'a cut beginning': 1000,
  'other line ends': 1000,
  'lines in any order and twice': 1000,
}

export const gzipCases: CaseCounts<typeof gzipDamages> = {
  'members of any form': 300,
  'a torn end': 500,
  'a cut member': 500,
  'a damaged member': 400,
  'garbage after members': 200,
  'garbage before members': 200,
  'a missing piece': 400,
  'a piece of another file': 400,
  'members in any order and twice': 200,
  'damage inside': 200,
}
