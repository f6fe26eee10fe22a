// SPDX-License-Identifier: Apache-2.0
import { assignLanes, type Span } from '../../model/lanes.ts'
import type { Activity, Session, TraceModel, Trajectory } from '../../model/trace-model.ts'
import { drawnSpan } from './drawn-span.ts'
import type { ChromeEvent, Thread } from './event.ts'

/** Something to draw on a thread. */
export interface Drawn<Item extends Activity> extends Span {
  readonly activity: Item
}

/** A lane of one trajectory, as a thread of the process that stands for its session. */
export interface LaneThread<Item extends Activity> extends Thread {
  readonly name: string
  readonly items: readonly Drawn<Item>[]
}

/** Hands out thread ids, which are unique in the whole trace and never a process's: that would make a main thread. */
export function createThreads({ sessions }: Pick<TraceModel, 'sessions'>) {
  let next = sessions.length + 1
  return function layOut<Item extends Activity>(place: LanePlace, activities: readonly Item[]): LaneThread<Item>[] {
    const lanes = assignLanes(activities.map((activity) => ({ ...drawnSpan(activity), activity })))
    return lanes.map((items, index) => ({
      pid: place.pid,
      tid: next++,
      name: `${place.trajectory.id}${lanes.length > 1 ? ` [lane ${index + 1}]` : ''}${place.suffix}`,
      items,
    }))
  }
}

export interface LanePlace {
  readonly pid: number
  readonly trajectory: Trajectory
  /** Ends the name of each thread. */
  readonly suffix: '' | ' tools'
}

/** Names a session and puts it in its place. */
export function processMetadata(session: Session, pid: number): ChromeEvent[] {
  const name = session.id === undefined ? 'requests without a session' : `session ${session.id}`
  return [
    { ph: 'M', pid, name: 'process_name', args: { name } },
    { ph: 'M', pid, name: 'process_sort_index', args: { sort_index: pid } },
  ]
}

/** Names a lane and puts it in its place. */
export function threadMetadata({ pid, tid, name }: LaneThread<Activity>): ChromeEvent[] {
  return [
    { ph: 'M', pid, tid, name: 'thread_name', args: { name } },
    { ph: 'M', pid, tid, name: 'thread_sort_index', args: { sort_index: tid } },
  ]
}
