// SPDX-License-Identifier: Apache-2.0
import type { TimelineFormatName } from '../../src/index.ts'
import { readMessage, submessages } from '../write/perfetto/wire-reader.ts'

/** Loads a timeline as a viewer does. @returns What is wrong with it; nothing if it is as it should be. */
export function loadTimeline(format: TimelineFormatName, bytes: Uint8Array): string | undefined {
  try {
    return format === 'perfetto' ? loadPerfetto(bytes) : loadChromeJson(bytes)
  } catch (error) {
    return String(error)
  }
}

/** Field numbers of perfetto_trace.proto: Trace.packet, and of a TracePacket its time, event and annotations. */
const PACKET = 1
const TIMESTAMP = 8
const TRACK_EVENT = 11
const TRACK_DESCRIPTOR = 60
const DEBUG_ANNOTATION = 4

function loadPerfetto(bytes: Uint8Array): string | undefined {
  const trace = readMessage(bytes)
  if (trace.some(([field]) => field !== PACKET)) return 'something else than packets'
  for (const packet of submessages(trace, PACKET)) {
    const fields = readMessage(packet)
    for (const [field, value] of fields) {
      if (field === TIMESTAMP && (typeof value !== 'bigint' || value >= 2n ** 63n)) return `a time of ${String(value)} ns`
    }
    for (const descriptor of submessages(fields, TRACK_DESCRIPTOR)) readMessage(descriptor)
    for (const event of submessages(fields, TRACK_EVENT)) {
      for (const annotation of submessages(readMessage(event), DEBUG_ANNOTATION)) readMessage(annotation)
    }
  }
  return undefined
}

interface ChromeEvent {
  readonly ph?: unknown
  readonly ts?: unknown
  readonly dur?: unknown
}

function loadChromeJson(bytes: Uint8Array): string | undefined {
  const events: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  if (!Array.isArray(events)) return 'it is no array'
  for (const event of events as readonly ChromeEvent[]) {
    if (typeof event.ph !== 'string') return `an event without a phase: ${JSON.stringify(event)}`
    // Metadata have no time; JSON has no infinite numbers, which become null.
    const hasTime = event.ph === 'M' || typeof event.ts === 'number'
    const hasDuration = event.ph !== 'X' || (typeof event.dur === 'number' && event.dur >= 0)
    if (!hasTime || !hasDuration) return `an event without its time: ${JSON.stringify(event).slice(0, 300)}`
  }
  return undefined
}
