// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { EventLabels } from '../../../src/write/perfetto/event-labels.ts'
import { Packets } from '../../../src/write/perfetto/packets.ts'
import { StringNumbers } from '../../../src/write/perfetto/string-numbers.ts'
import { readMessage, submessages } from './wire-reader.ts'

function createLabels() {
  const packets = new Packets()
  const labels = new EventLabels(new StringNumbers(packets), {
    prefix: 'Tool: ',
    category: 'dynamo.agent.tool',
    annotation: 'tool_class',
  })
  return { packets, labels }
}

/** Field numbers of a track event. */
const nameIid = 10
const name = 23

describe('EventLabels', () => {
  it('writes a name once and then names it by number', () => {
    const { packets, labels } = createLabels()
    const first = labels.of('bash')
    const { length } = packets.buffer
    expect(length).toBeGreaterThan(0)
    expect(labels.of('bash')).toEqual(first)
    expect(packets.buffer.length).toBe(length)
    expect(labels.of('grep')).not.toEqual(first)
  })

  it('calls a subject that is empty by another name', () => {
    const { packets, labels } = createLabels()
    labels.of('', 'unknown-tool')
    expect(Buffer.from(packets.buffer.take()).toString('latin1')).toContain('Tool: unknown-tool')
  })

  it('writes names out when a damaged trace has no end of them, so that it does not fill the memory', () => {
    const { packets, labels } = createLabels()
    for (let index = 0; index < 1 << 14; index++) labels.of(`tool-${index}`)
    packets.buffer.take()
    const fields = readMessage(labels.of('one too many').bytes)
    expect(packets.buffer.length).toBe(0)
    expect(submessages(fields, name).map((text) => Buffer.from(text).toString())).toEqual(['Tool: one too many'])
    expect(fields.some(([field]) => field === nameIid)).toBe(false)
    expect(readMessage(labels.of('tool-7').bytes).some(([field]) => field === nameIid)).toBe(true)
  })
})
