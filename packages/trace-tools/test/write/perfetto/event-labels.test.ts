// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { EventLabels } from '../../../src/write/perfetto/event-labels.ts'
import { Packets } from '../../../src/write/perfetto/packets.ts'
import { StringNumbers } from '../../../src/write/perfetto/string-numbers.ts'
import { readMessage, submessages } from './wire-reader.ts'

function createLabels() {
  const packets = new Packets()
  const labels = new EventLabels(packets.memory, new StringNumbers(packets), {
    prefix: 'Tool: ',
    category: 'dynamo.agent.tool',
    annotation: 'tool_class',
  })
  return { packets, labels }
}

/** The fields of a label, which follow their size in the memory. */
function fieldsOf({ events }: Packets, label: number) {
  const size = new DataView(events.memory.buffer).getUint32(label, true)
  return readMessage(new Uint8Array(events.memory.buffer, label + 4, size))
}

/** Field numbers of a track event. */
const nameIid = 10
const name = 23

describe('EventLabels', () => {
  it('writes a name once and then names it by number', () => {
    const { packets, labels } = createLabels()
    const first = labels.of('bash')
    const bytes = packets.events.outputBytes()
    expect(bytes).toBeGreaterThan(0)
    expect(labels.of('bash')).toBe(first)
    expect(packets.events.outputBytes()).toBe(bytes)
    expect(fieldsOf(packets, labels.of('grep'))).not.toEqual(fieldsOf(packets, first))
  })

  it('calls a subject that is empty by another name', () => {
    const { packets, labels } = createLabels()
    labels.of('', 'unknown-tool')
    expect(Buffer.from(packets.memory.packets()).toString('latin1')).toContain('Tool: unknown-tool')
  })

  it('writes names out when a damaged trace has no end of them, so that it does not fill the memory', () => {
    const { packets, labels } = createLabels()
    for (let index = 0; index < 1 << 14; index++) labels.of(`tool-${index}`)
    packets.events.cutTo(0)
    const { byteLength } = packets.events.memory.buffer
    for (let index = 0; index < 1 << 14; index++) {
      labels.of(`one too many ${index}`)
      packets.memory.endLoans()
    }
    const fields = fieldsOf(packets, labels.of('one too many'))
    expect(packets.events.outputBytes()).toBe(0)
    expect(packets.events.memory.buffer.byteLength).toBe(byteLength)
    expect(submessages(fields, name).map((text) => Buffer.from(text).toString())).toEqual(['Tool: one too many'])
    expect(fields.some(([field]) => field === nameIid)).toBe(false)
    expect(fieldsOf(packets, labels.of('tool-7')).some(([field]) => field === nameIid)).toBe(true)
  })
})
