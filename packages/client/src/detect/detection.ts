// SPDX-License-Identifier: Apache-2.0
import type { DialectName } from '@dynamo-agent/core'

/** One question to the frontend and what came back. */
export interface DetectionStep {
  /** Such as `GET http://127.0.0.1:8000/openapi.json`. */
  readonly request: string
  /** Absent when no whole answer came. */
  readonly status?: number
  /** What that showed, for a person. */
  readonly seen: string
}

/** `/openapi.json` names Dynamo and its release. */
export interface DetectedRelease {
  readonly by: 'openapi'
  readonly dialect: DialectName
  /** Such as `1.6.1`. */
  readonly release: string
  readonly steps: readonly DetectionStep[]
}

/** A request that Dynamo refuses was refused in the words of one generation; its release is not known. */
export interface DetectedGeneration {
  readonly by: 'probe'
  readonly dialect: DialectName
  readonly steps: readonly DetectionStep[]
}

/** A server of another make, a Dynamo before 1.2 behind a gateway, or none at all. */
export interface UnknownGeneration {
  readonly by: 'unknown'
  /** What harms nobody. */
  readonly dialect: 'session-headers'
  /** Asking again may tell more: an answer did not come, or was a 5xx. */
  readonly transient: boolean
  readonly steps: readonly DetectionStep[]
}

/** Which generation a frontend is, by which means that was found out, and what was seen on the way. */
export type Detection = DetectedRelease | DetectedGeneration | UnknownGeneration
