// SPDX-License-Identifier: Apache-2.0
export type { TraceModel } from './model/trace-model.ts'
