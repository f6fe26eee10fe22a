// SPDX-License-Identifier: Apache-2.0
import {
  arrivingAtEnd,
  arrivingBy,
  arrowBytes,
  forgetArrows,
  putArriving,
  putArrivingAtEnd,
} from './arrows'
import { EVENT_BYTES, INSTANT, putEvent, SLICE_BEGIN, SLICE_END } from './event'
import { appendFields, sizeOf, Fields } from './fields'
import { append, reserve } from '../output'
import { nanoseconds } from './time'
import { Lane } from './track'

/** Labels of what is drawn inside of requests; 0 where it is not drawn. */
let waitLabel: Fields = 0
let prefillLabel: Fields = 0
let decodeLabel: Fields = 0
let firstTokenLabel: Fields = 0

/** From now on stages are drawn. */
export function setStages(wait: Fields, prefill: Fields, decode: Fields): void {
  waitLabel = wait
  prefillLabel = prefill
  decodeLabel = decode
}

/** From now on first tokens are marked. */
export function setFirstToken(label: Fields): void {
  firstTokenLabel = label
}

/** Events of a request: its begin and end, those of three stages, and a mark. */
const EVENTS: usize = 9

/** Labels of stages and marks are two small numbers. */
const PART_LABEL_BYTES: usize = 16

/**
 * Draws a request to which the expected arrows lead.
 *
 * @param identity What it says of its trajectory.
 * @param details What the encoder made of its row, and how many bytes.
 * @param waitEndMs The end of its wait, of its prefill, and the start of its
 * decode as durations from the start; that of the decode is NaN where it is not known.
 */
export function drawRequest(
  lane: Lane,
  label: Fields,
  identity: Fields,
  details: usize,
  size: u32,
  startMs: f64,
  endMs: f64,
  waitEndMs: f64,
  prefillEndMs: f64,
  decodeStartMs: f64,
): void {
  const ownBytes = sizeOf(label) + sizeOf(identity) + size
  reserve(EVENTS * (EVENT_BYTES + PART_LABEL_BYTES) + ownBytes + arrowBytes())
  const arriving = arrivingBy(startMs)
  putEvent(SLICE_BEGIN, lane.track, nanoseconds(startMs), ownBytes + arriving)
  appendFields(label)
  appendFields(identity)
  append(details, size)
  putArriving(arriving)
  drawParts(lane.stages, startMs, endMs, waitEndMs, prefillEndMs, decodeStartMs)
  putEvent(SLICE_END, lane.track, nanoseconds(endMs), arrivingAtEnd())
  putArrivingAtEnd()
  forgetArrows()
}

/**
 * Stages without length are left out. The mark stands between prefill and
 * decode: written after a decode that begins at the same moment it would lie
 * inside it.
 */
function drawParts(track: u64, startMs: f64, endMs: f64, waitEndMs: f64, prefillEndMs: f64, decodeStartMs: f64): void {
  const hasStages = waitLabel !== 0
  if (hasStages) {
    const prefillStart = min(startMs + waitEndMs, endMs)
    const prefillEnd = min(startMs + prefillEndMs, endMs)
    if (prefillStart > startMs) drawStage(track, waitLabel, startMs, prefillStart)
    if (prefillEnd > prefillStart) drawStage(track, prefillLabel, prefillStart, prefillEnd)
  }
  if (isNaN(decodeStartMs)) return
  const firstToken = min(startMs + decodeStartMs, endMs)
  if (firstTokenLabel !== 0) beginPart(INSTANT, track, firstTokenLabel, firstToken)
  if (hasStages && endMs > firstToken) drawStage(track, decodeLabel, firstToken, endMs)
}

function drawStage(track: u64, label: Fields, fromMs: f64, toMs: f64): void {
  beginPart(SLICE_BEGIN, track, label, fromMs)
  putEvent(SLICE_END, track, nanoseconds(toMs), 0)
}

function beginPart(type: u8, track: u64, label: Fields, timeMs: f64): void {
  const arriving = arrivingBy(timeMs)
  putEvent(type, track, nanoseconds(timeMs), sizeOf(label) + arriving)
  appendFields(label)
  putArriving(arriving)
}
