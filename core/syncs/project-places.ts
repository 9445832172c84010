/**
 * How many syncs of one project run at once in this process: one less than run at all, so that a project with a hundred
 * integrations never keeps the others waiting until it is done.
 */
export class ProjectPlaces {
  readonly #most: number;
  readonly #taken = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** @returns what gives the place back; null when the project has none left */
  take(project_id: string): (() => void) | null {
    const taken = this.#taken.get(project_id) ?? 0;
    if (taken >= this.#most) return null;
    this.#taken.set(project_id, taken + 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const left = (this.#taken.get(project_id) ?? 1) - 1;
      if (left === 0) this.#taken.delete(project_id);
      else this.#taken.set(project_id, left);
    };
  }
}
