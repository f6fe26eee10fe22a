// SPDX-License-Identifier: Apache-2.0
import { allocate, allocateZeros, release } from '../memory'
import { PendingStart } from './pending'
import { Trajectory } from './trajectory'

/**
 * The open calls of a trajectory that have half of the hash of their ids in
 * common, which are those of one id: where it is used again, there are several.
 */
@unmanaged
export class OpenId {
  trajectory: Trajectory
  low: u32
  /** Others at the same place of the table. */
  beside: OpenId | null
  /** Other ids of the trajectory, in the order in which they came. */
  before: OpenId | null
  after: OpenId | null
  /** By start. */
  first: PendingStart | null
  last: PendingStart | null
}

const FIRST_PLACES: u32 = 256

/** All trajectories share a table: most have few calls open, and one may have any number. */
let table: usize = 0
let places: u32 = 0
let count: u32 = 0

export function findId(trajectory: Trajectory, low: u32): OpenId | null {
  if (trajectory.firstOpen === null) return null
  let id = load<OpenId | null>(placeOf(trajectory, low))
  while (id !== null && (id.low !== low || id.trajectory !== trajectory)) id = id.beside
  return id
}

export function addId(trajectory: Trajectory, low: u32): OpenId {
  if (++count > places) grow()
  const id = changetype<OpenId>(allocate(offsetof<OpenId>()))
  id.trajectory = trajectory
  id.low = low
  id.first = null
  id.last = null
  putInTable(id)

  const before = trajectory.lastOpen
  id.before = before
  id.after = null
  if (before === null) trajectory.firstOpen = id
  else before.after = id
  trajectory.lastOpen = id
  trajectory.hasOpened = true
  return id
}

export function removeId(id: OpenId): void {
  count--
  const trajectory = id.trajectory
  let place = placeOf(trajectory, id.low)
  while (load<usize>(place) !== changetype<usize>(id)) place = load<usize>(place) + offsetof<OpenId>('beside')
  store<OpenId | null>(place, id.beside)

  const before = id.before
  const after = id.after
  if (before === null) trajectory.firstOpen = after
  else before.after = after
  if (after === null) trajectory.lastOpen = before
  else after.before = before
  release(changetype<usize>(id), offsetof<OpenId>())
}

@inline
export function placeOf(trajectory: Trajectory, low: u32): usize {
  return table + (((low ^ (trajectory.index * 0x9e3779b1)) & (places - 1)) << 2)
}

function putInTable(id: OpenId): void {
  const place = placeOf(id.trajectory, id.low)
  id.beside = load<OpenId | null>(place)
  store<OpenId | null>(place, id)
}

function grow(): void {
  const oldTable = table
  const oldPlaces = places
  places = max(FIRST_PLACES, oldPlaces * 2)
  table = allocateZeros(places << 2)
  for (let place: u32 = 0; place < oldPlaces; place++) {
    let id = load<OpenId | null>(oldTable + (place << 2))
    while (id !== null) {
      const beside = id.beside
      putInTable(id)
      id = beside
    }
  }
  if (oldPlaces > 0) release(oldTable, oldPlaces << 2)
}
