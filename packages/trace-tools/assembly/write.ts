// SPDX-License-Identifier: Apache-2.0
// The events of a Perfetto trace, which are by far the most of a file. What is rare is encoded in TypeScript, and
// appended. An instance belongs to one writer. src/write/perfetto/event-module.ts says what each export does.
export { arrive, arriveAtEnd, leave, setFlowSeed } from './write/arrows'
export { drawCounter } from './write/counter'
export { drawRequest, setFirstToken, setStages } from './write/request'
export { drawSlice } from './write/slice'
export { claim, cutTo, outputAt, outputBytes } from './output'
export { keepFields } from './write/fields'
export { addLane, assignLane, createLaneSet, firstLane, markLanes } from './write/lane-set'
export { keepTrack } from './write/track'
export { nanoseconds } from './write/time'
