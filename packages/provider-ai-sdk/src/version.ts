// SPDX-License-Identifier: Apache-2.0

/** Of this package; a test holds it to package.json. */
export const VERSION = '0.0.0'
