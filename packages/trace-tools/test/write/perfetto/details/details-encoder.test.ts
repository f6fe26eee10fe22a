// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { RowBatch, RowDetails } from '../../../../src/read/row-batch.ts'
import { createDetailsEncoder } from '../../../../src/write/perfetto/details/details-encoder.ts'
import { scanLines } from '../../../support/timeline.ts'
import { askedFor, requestLine, toolCallLine } from '../../../support/trace-lines.ts'
import { seededRandom } from '../../seeded-random.ts'
import { integers, readMessage, submessages } from '../wire-reader.ts'

const lines = Array.from({ length: 30 }, (_, index) => [
  requestLine({
    session: 'a',
    at: index * 100,
    request: { ttft_ms: 4, worker: { decode_worker_id: index }, finish_reason_metadata: askedFor([`call-${index}`, 'bash']) },
  }),
  toolCallLine({ session: 'a', from: index * 100 + 50, to: index * 100 + 60, id: 'long'.repeat(index * 10) }),
]).flat()

// Field numbers of perfetto_trace.proto.
const debugAnnotations = 4
const dictionaryEntries = 11
const unsignedValue = 3

/** The details of each row. */
function split({ count }: RowBatch, { bytes, ends }: RowDetails): Buffer[] {
  return Array.from({ length: count }, (_, row) => Buffer.from(bytes.slice(row === 0 ? 0 : ends[row - 1], ends[row])))
}

describe('the details encoder', () => {
  it('makes the same of a row wherever it stands', () => {
    const encode = createDetailsEncoder({})
    const together = [...scanLines(lines)].flatMap((batch) => split(batch, encode(batch)))
    const alone = lines.flatMap((line) => [...scanLines([line])].flatMap((batch) => split(batch, createDetailsEncoder({})(batch))))
    expect(together).toEqual(alone)
  })

  it('uses arrays again that are done with', () => {
    const encode = createDetailsEncoder({})
    let spare: RowDetails | undefined
    for (const batch of [...scanLines(lines)].toReversed()) {
      const details = encode(batch, spare)
      expect(split(batch, details)).toEqual(split(batch, createDetailsEncoder({})(batch)))
      if (spare && spare.bytes.length >= (details.ends[batch.count - 1] ?? 0)) expect(details.bytes).toBe(spare.bytes)
      spare = details
    }
  })

  it('makes fields of an event that stand on their own', () => {
    for (const batch of scanLines(lines)) {
      for (const details of split(batch, createDetailsEncoder({})(batch))) {
        for (const [field] of readMessage(details)) expect(field).toBe(4)
      }
    }
  })
})

describe('worker ids', () => {
  /** The numbers that are told of workers with these ids. */
  function tell(ids: readonly string[]): bigint[] {
    const line = requestLine({ session: 'a', at: 0, request: { worker: { decode_worker_id: 77 } } })
    return [...scanLines(ids.map((id) => line.replace('77', id)))].flatMap((batch) =>
      split(batch, createDetailsEncoder({ args: 'minimal' })(batch)).flatMap((details) =>
        submessages(readMessage(details), debugAnnotations)
          .flatMap((annotation) => submessages(readMessage(annotation), dictionaryEntries))
          .flatMap((entry) => integers(readMessage(entry), unsignedValue)),
      ),
    )
  }

  it('are told exactly, whatever their size', () => {
    const random = seededRandom(2)
    const ids = Array.from({ length: 2000 }, () =>
      Array.from({ length: 1 + Math.floor(random() * 19) }, (_, place) => Math.floor(random() * (place === 0 ? 9 : 10)) + (place === 0 ? 1 : 0)).join(''),
    )
    const edges = [0n, 127n, 128n, 2n ** 28n - 1n, 2n ** 28n, 2n ** 53n + 1n, 2n ** 56n, 2n ** 63n, 2n ** 64n - 1n].map(String)
    expect(tell([...ids, ...edges])).toEqual([...ids, ...edges].map(BigInt))
  })

  it('that no u64 holds are not told', () => {
    expect(tell(['18446744073709551616', '99999999999999999999', '-1', '1.5'])).toEqual([])
  })
})
