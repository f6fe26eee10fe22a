// SPDX-License-Identifier: Apache-2.0

const tasks = new Set<() => void>()

/** One listener for all sessions: a listener each would make Node warn on stderr from the eleventh on. */
function runTasks(): void {
  for (const task of tasks) task()
}

/**
 * Runs a synchronous task in the process's last turn, after an uncaught error
 * or `process.exit`. The harness log writes what it has been given in that turn
 * too, in a listener of its own, before which this one has to come.
 *
 * @returns Takes the task back.
 */
export function beforeProcessExit(task: () => void): () => void {
  if (tasks.size === 0) process.prependListener('exit', runTasks)
  tasks.add(task)
  return () => {
    tasks.delete(task)
    if (tasks.size === 0) process.off('exit', runTasks)
  }
}
