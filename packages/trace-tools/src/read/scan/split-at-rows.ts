// SPDX-License-Identifier: Apache-2.0

/** How Dynamo begins a row in a file, and elsewhere. Inside a string the quotes would be escaped. */
const envelopeStart = '{"timestamp":'
const bareStart = '{"schema":"dynamo'

/** What stands between rows and is none: the zeros of a power cut, byte order marks, blanks. */
const nothing = /^[\0\ufeff\s]*$/

/**
 * Splits a line that is no row at each place where a row begins: a writer that
 * was stopped in the middle of a row and started again, or a disk that lost
 * power, leaves a good row right behind what is none.
 *
 * @returns The parts that hold anything; the whole line where no row begins inside it.
 */
export function splitAtRows(line: Buffer): readonly Buffer[] {
  const starts = startsIn(line)
  if (starts.length === 0) return [line]
  const parts = [0, ...starts].map((start, index) => line.subarray(start, starts[index]))
  return parts.filter((part) => !nothing.test(part.toString('utf8')))
}

function startsIn(line: Buffer): readonly number[] {
  // An envelope holds a bare row, which is none of its own.
  const rowStart = line.includes(envelopeStart) ? envelopeStart : bareStart
  const starts: number[] = []
  for (let at = line.indexOf(rowStart, 1); at >= 0; at = line.indexOf(rowStart, at + 1)) starts.push(at)
  return starts
}
