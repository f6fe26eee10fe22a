// SPDX-License-Identifier: Apache-2.0
import type { Generation } from './generation.ts'
import type { Route } from './http/routes.ts'
import type { Caller } from './identity/caller.ts'
import type { ServedRequest } from './trace/request-row.ts'

/** What every model is given by the frontend that it answers for. */
export interface ServiceContext {
  readonly generation: Generation
  /** Epoch milliseconds, fractional. */
  readonly now: () => number
  readonly createRequestId: () => string
  readonly maxBodyBytes: number
  /** Puts an ended request on record. */
  readonly record: (served: ServedRequest, caller: Caller | undefined) => void
}

/** What answers under `/v1`: a script, or another server. */
export interface ModelService {
  readonly routes: readonly Route[]
  /** `instances` of `/health`. */
  readonly instances: readonly object[]
  close(): void
}
