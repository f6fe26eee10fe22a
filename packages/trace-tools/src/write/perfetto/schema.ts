// SPDX-License-Identifier: Apache-2.0

/**
 * Field numbers of Perfetto's trace format, as far as it is written here; the
 * names are those of perfetto_trace.proto. Those that only events have are in
 * `assembly/write`.
 */
export const trace = { packet: 1 } as const

export const tracePacket = {
  clockSnapshot: 6,
  trustedPacketSequenceId: 10,
  internedData: 12,
  sequenceFlags: 13,
  trackDescriptor: 60,
} as const

export const sequenceFlag = { incrementalStateCleared: 1, needsIncrementalState: 2 } as const

export const clockSnapshot = { clocks: 1 } as const
export const clock = { clockId: 1, timestamp: 2 } as const
export const builtinClock = { realtime: 1, boottime: 6 } as const

export const internedData = {
  eventCategories: 1,
  eventNames: 2,
  debugAnnotationNames: 3,
  debugAnnotationStringValues: 29,
} as const
export const internedString = { iid: 1, text: 2 } as const

export const trackDescriptor = {
  uuid: 1,
  name: 2,
  parentUuid: 5,
  counter: 8,
  childOrdering: 11,
  siblingOrderRank: 12,
  description: 14,
  siblingMergeBehavior: 15,
} as const
export const childOrdering = { explicit: 3 } as const
export const siblingMergeBehavior = { none: 2 } as const
export const counterDescriptor = { unitName: 6, yAxisShareKey: 7 } as const

export const trackEvent = {
  categoryIids: 3,
  debugAnnotations: 4,
  nameIid: 10,
  name: 23,
  correlationId: 52,
} as const

export const debugAnnotation = {
  nameIid: 1,
  boolValue: 2,
  intValue: 4,
  doubleValue: 5,
  stringValue: 6,
  name: 10,
  dictEntries: 11,
  stringValueIid: 17,
} as const
