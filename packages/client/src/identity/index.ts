// SPDX-License-Identifier: Apache-2.0
export { createIdentityFetch, type IdentityFetchOptions } from './identity-fetch.ts'
export { addNvext } from './add-nvext.ts'
export { headersToAdd } from './headers-to-add.ts'
export { withErrorEnvelope } from '../error-envelope.ts'
