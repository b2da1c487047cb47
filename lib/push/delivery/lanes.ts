/** Tasks in lanes: one lane's tasks run one after the other; free lanes are served in the order of their arrival. */
export class Lanes<Task> {
  readonly #waiting = new Map<string, Task[]>();
  readonly #busy = new Set<string>();
  #size = 0;

  /** Tasks that wait to be taken. */
  get size(): number {
    return this.#size;
  }

  add(lane: string, task: Task): void {
    const tasks = this.#waiting.get(lane);
    if (tasks === undefined) this.#waiting.set(lane, [task]);
    else tasks.push(task);
    this.#size++;
  }

  /** Takes the first tasks of a free lane; the caller must call {@link leave} afterwards. Null when no lane is free. */
  take(most: number): { lane: string; tasks: Task[] } | null {
    for (const [lane, waiting] of this.#waiting) {
      if (this.#busy.has(lane)) continue;
      const tasks = waiting.splice(0, most);
      this.#size -= tasks.length;
      if (waiting.length === 0) this.#waiting.delete(lane);
      this.#busy.add(lane);
      return { lane, tasks };
    }
    return null;
  }

  /** Takes all tasks, whether or not their lanes are free. Nobody has to leave those lanes. */
  clear(): Task[] {
    const tasks = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    this.#size = 0;
    return tasks;
  }

  /** Whether {@link take} would return tasks. */
  get hasFree(): boolean {
    for (const lane of this.#waiting.keys()) if (!this.#busy.has(lane)) return true;
    return false;
  }

  leave(lane: string): void {
    this.#busy.delete(lane);
  }
}
