// SPDX-License-Identifier: Apache-2.0
export { readNvext, type Nvext, type NvextTiming } from './read-nvext.ts'
export { observeNvext } from './observe-nvext.ts'
