// SPDX-License-Identifier: Apache-2.0
import { OpenId, addId, findId, removeId } from './open-ids'
import { PendingStart, releaseStart } from './pending'
import { Trajectory } from './trajectory'

/**
 * How far the start that an end row names may lie from the start row's own
 * time: a harness may read its clock once for each.
 */
export const SAME_START_MS: f64 = 1000

export function openCall(trajectory: Trajectory, start: PendingStart): void {
  const known = findId(trajectory, <u32>start.id)
  const id = known === null ? addId(trajectory, <u32>start.id) : known
  start.openId = id
  start.isOpen = true
  if (trajectory.listsFresh) addFresh(trajectory, start)

  let later: PendingStart | null = null
  let earlier = id.last
  while (earlier !== null && !(earlier.startMs < start.startMs)) {
    later = earlier
    earlier = earlier.earlier
  }
  start.earlier = earlier
  start.later = later
  if (earlier === null) id.first = start
  else earlier.later = start
  if (later === null) id.last = start
  else later.earlier = start
}

/**
 * Takes out the call that an end belongs to: the one that started when the
 * end says, give or take the tolerance; the latest if it does not say.
 *
 * @param startedAtMs NaN where the end does not say.
 */
export function takeOpen(trajectory: Trajectory, call: u64, startedAtMs: f64, toleranceMs: f64): PendingStart | null {
  const id = findId(trajectory, <u32>call)
  if (id === null) return null
  const start = isNaN(startedAtMs) ? id.last : nearest(id, startedAtMs, toleranceMs)
  if (start === null || start.id !== call) return null
  close(start)
  return start
}

/** The latest open call with this id. */
export function latestOpen(trajectory: Trajectory, call: u64): PendingStart | null {
  const id = findId(trajectory, <u32>call)
  if (id === null) return null
  const start = id.last
  return start !== null && start.id === call ? start : null
}

/** The open calls one after the other: by the order in which their ids came, then by start. */
export function firstOpen(trajectory: Trajectory): PendingStart | null {
  const id = trajectory.firstOpen
  return id === null ? null : id.first
}

export function nextOpen(start: PendingStart): PendingStart | null {
  if (start.later !== null) return start.later
  const id = start.openId.after
  return id === null ? null : id.first
}

/** Of the calls that have started no trajectory yet the first; their list begins when somebody asks for it. */
export function firstFresh(trajectory: Trajectory): PendingStart | null {
  if (!trajectory.listsFresh && trajectory.hasOpened) {
    trajectory.listsFresh = true
    let start = firstOpen(trajectory)
    while (start !== null) {
      if (start.edges === 0) addFresh(trajectory, start)
      start = nextOpen(start)
    }
  }
  return trajectory.firstFresh
}

export function close(start: PendingStart): void {
  const id = start.openId
  const earlier = start.earlier
  const later = start.later
  if (earlier === null) id.first = later
  else earlier.later = later
  if (later === null) id.last = earlier
  else later.earlier = earlier
  start.isOpen = false
  removeFresh(start)
  if (id.first === null) removeId(id)
}

/** Closes calls that never ended. */
export function closeAll(trajectory: Trajectory): void {
  let start = firstOpen(trajectory)
  while (start !== null) {
    close(start)
    releaseStart(start)
    start = firstOpen(trajectory)
  }
}

function addFresh(trajectory: Trajectory, start: PendingStart): void {
  const last = trajectory.lastFresh
  start.isFresh = true
  start.freshBefore = last
  start.freshAfter = null
  if (last === null) trajectory.firstFresh = start
  else last.freshAfter = start
  trajectory.lastFresh = start
}

/** It has started a trajectory, or is over. */
export function removeFresh(start: PendingStart): void {
  if (!start.isFresh) return
  const trajectory = start.openId.trajectory
  const before = start.freshBefore
  const after = start.freshAfter
  if (before === null) trajectory.firstFresh = after
  else before.freshAfter = after
  if (after === null) trajectory.lastFresh = before
  else after.freshBefore = before
  start.isFresh = false
}

function nearest(id: OpenId, startMs: f64, toleranceMs: f64): PendingStart | null {
  let after: PendingStart | null = null
  let before = id.last
  while (before !== null && !(before.startMs < startMs)) {
    after = before
    before = before.earlier
  }
  const start = distance(after, startMs) <= distance(before, startMs) ? after : before
  return distance(start, startMs) <= toleranceMs ? start : null
}

function distance(start: PendingStart | null, startMs: f64): f64 {
  return start === null ? Infinity : abs(start.startMs - startMs)
}
