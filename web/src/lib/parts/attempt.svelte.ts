// Tries a change; what the server refuses is kept here and shown in the strip, never in a window over the map.
import { Problem, Unreachable } from '../api/problem';
import { live } from '../stores/live.svelte';
import { t } from '../texts';

class Refusal {
  problem = $state.raw<Problem | null>(null);
  /** Sends the same change again with an answer to the question of a second writer. */
  again = $state.raw<((choice: 'mine' | 'both') => Promise<unknown>) | null>(null);

  clear(): void {
    this.problem = null;
    this.again = null;
  }
}

export const refusal = new Refusal();

/** True when it was done (or waits safely); false when it was refused and the strip says why. */
export async function attempt(change: () => Promise<unknown>, again: ((choice: 'mine' | 'both') => Promise<unknown>) | null = null): Promise<boolean> {
  try {
    await change();
    refusal.clear();
    return true;
  } catch (error) {
    if (error instanceof Problem) {
      refusal.problem = error;
      refusal.again = again;
      live.tell(error.message);
      return false;
    }
    if (error instanceof Unreachable) {
      live.shout(t('unreachable'));
      return false;
    }
    throw error;
  }
}
