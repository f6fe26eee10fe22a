// SPDX-License-Identifier: Apache-2.0
import type { Row } from './query-result.ts'

/** Runs SQL on a trace; the caller names the shape that the columns have. */
export type Query = <Shape extends object = Row>(sql: string) => Shape[]
