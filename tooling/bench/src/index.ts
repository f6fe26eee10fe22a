// SPDX-License-Identifier: Apache-2.0
export { formatTable } from './format-table.ts'
export { readChoice, readCount, runProgram, UsageError } from './option-values.ts'
export { median, quantile } from './quantile.ts'
