// SPDX-License-Identifier: Apache-2.0

/** What every extension costs. */
// eslint-disable-next-line no-restricted-syntax -- Pi loads an extension by its default export.
export default function doNothing(): void {
  // Nothing is the measure.
}
