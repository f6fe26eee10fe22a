// SPDX-License-Identifier: Apache-2.0

/** Whether arrows are drawn. */
export let drawsArrows: bool = false

export function setArrows(draws: bool): void {
  drawsArrows = draws
}
