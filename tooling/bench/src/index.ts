// SPDX-License-Identifier: Apache-2.0
export { publishFigures, withFigures, type Figures } from './figures.ts'
export { formatTable } from './format-table.ts'
export { readChoice, readCount, runProgram, UsageError } from './option-values.ts'
export { median, quantile } from './quantile.ts'
