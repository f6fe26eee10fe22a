// SPDX-License-Identifier: Apache-2.0
import type { HarnessIdentity } from '@dynamo-agent/core'
import { identityText } from '../read/columns.ts'
import { textOf, type RowBatch, type RowReference } from '../read/row-batch.ts'
import { HashIndex } from './hash-index.ts'
import { Kinship } from './kinship.ts'
import { Trajectory } from './trajectory.ts'

/** The name of the entry that the rows without a trajectory share, as the converter that ships with Dynamo calls it. */
export const CONTEXT_FREE_ID = 'request-only'

/** How far up the parents a session is looked for; agents nest less deeply than that. */
const MAX_DEPTH = 64

/**
 * Finds the trajectory of each row. A row of Dynamo 1.2 names its session too,
 * and the same trajectory id in another session is another trajectory; a row
 * of 1.3 and later names the trajectory only.
 */
export class TrajectoryIndex {
  readonly all: Trajectory[] = []
  readonly kinship = new Kinship(this.all)
  /** By the hash that the scanner took of the identity, long enough that no two identities share one. */
  readonly #byHash = new HashIndex()
  readonly #byName = new Map<string, Trajectory>()
  /** Those that only a harness has spoken of so far, by id. */
  readonly #unserved = new Map<string, Trajectory>()
  /** Any row of Dynamo named its session. */
  #hasSessions = false
  #contextFree: Trajectory | undefined

  of(batch: RowBatch, row: number): Trajectory {
    return this.all[this.placeOf(batch, row)] ?? this.#withoutIdentity()
  }

  /** Its place in `all`: who needs no more should not look at the trajectory, of which there may be very many. */
  placeOf(batch: RowBatch, row: number): number {
    const low = (batch.identityHashes[row * 2] ?? 0) | 0
    const high = (batch.identityHashes[row * 2 + 1] ?? 0) | 0
    if (low === 0) return this.#withoutIdentity().index
    const known = this.#byHash.get(low, high)
    if (known !== -1) return known
    const { index } = this.#find({ batch, row })
    this.#byHash.set(low, high, index)
    return index
  }

  /**
   * The trajectory that a row of a harness log belongs to. The harness names
   * session and trajectory; rows of Dynamo name both, or from 1.3 on the
   * trajectory alone, and whichever came first has given it its name.
   */
  ofHarness({ sessionId, trajectoryId: id }: HarnessIdentity): Trajectory {
    const known = this.#named(sessionId, id)
    if (known !== undefined) return known
    const trajectory = this.#create({ id, sessionId, contextFree: false })
    this.#unserved.set(id, trajectory)
    return trajectory
  }

  /** The trajectory's parent, where it has rows. */
  parentOf({ parentId, sessionId }: Trajectory): Trajectory | undefined {
    return parentId === undefined ? undefined : this.#named(sessionId, parentId)
  }

  #find(row: RowReference): Trajectory {
    const id = textOf(row, identityText.trajectoryId)
    if (id === undefined) return this.#withoutIdentity()
    const sessionId = textOf(row, identityText.sessionId)
    if (sessionId !== undefined) this.#hasSessions = true
    return (
      this.#takeUnserved(id, sessionId) ??
      this.#twin(id, sessionId, textOf(row, identityText.parentTrajectoryId)) ??
      this.#create({ id, sessionId, contextFree: false })
    )
  }

  /** The trajectory that a harness has spoken of, and now Dynamo does too. */
  #takeUnserved(id: string, sessionId: string | undefined): Trajectory | undefined {
    if (sessionId !== undefined) return this.#byName.get(nameOf(sessionId, id))
    const trajectory = this.#unserved.get(id)
    if (trajectory === undefined) return undefined
    this.#unserved.delete(id)
    this.#byName.set(nameOf(undefined, id), trajectory)
    return trajectory
  }

  /** The same trajectory told by the other generation, as where a 1.2 frontend was replaced by a later one. */
  #twin(id: string, sessionId: string | undefined, parentId: string | undefined): Trajectory | undefined {
    if (!this.#hasSessions) return undefined
    if (sessionId === undefined) {
      const root = parentId === undefined ? id : this.#rootOf(parentId)
      return this.#byName.get(nameOf(root, id))
    }
    const twin = this.#byName.get(nameOf(undefined, id))
    if (twin === undefined || this.#rootOf(id) !== sessionId) return undefined
    twin.sessionId = sessionId
    this.#byName.set(nameOf(sessionId, id), twin)
    return twin
  }

  #rootOf(id: string): string {
    let root = id
    for (let depth = 0; depth < MAX_DEPTH; depth++) {
      const parentId = this.#byName.get(nameOf(undefined, root))?.parentId
      if (parentId === undefined) break
      root = parentId
    }
    return root
  }

  #named(sessionId: string | undefined, id: string): Trajectory | undefined {
    return this.#byName.get(nameOf(sessionId, id)) ??
      (sessionId === undefined ? undefined : this.#byName.get(nameOf(undefined, id)))
  }

  #withoutIdentity(): Trajectory {
    return (this.#contextFree ??= this.#create({ id: CONTEXT_FREE_ID, sessionId: undefined, contextFree: true }))
  }

  #create(identity: Pick<Trajectory, 'id' | 'sessionId' | 'contextFree'>): Trajectory {
    const trajectory = new Trajectory(this.all.length, identity)
    this.all.push(trajectory)
    if (!trajectory.contextFree) this.#byName.set(nameOf(trajectory.sessionId, trajectory.id), trajectory)
    return trajectory
  }
}

/** The length tells where the session ends, whatever the ids are made of. */
function nameOf(sessionId: string | undefined, id: string): string {
  return `${sessionId?.length ?? ''}\n${sessionId ?? ''}${id}`
}
